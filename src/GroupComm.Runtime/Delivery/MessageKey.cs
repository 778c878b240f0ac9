using System;

namespace GroupComm.Runtime.Delivery;

/// <summary>A conflict key with the hash that it had when it was admitted: a key that changes later finds itself again.</summary>
internal readonly struct MessageKey(object value) : IEquatable<MessageKey>
{
    private readonly int _hash = value.GetHashCode();

    public object Value => value;

    public bool Equals(MessageKey other)
    {
        if (_hash != other._hash)
            return false;
        try
        {
            return ReferenceEquals(value, other.Value) || value.Equals(other.Value);
        }
        catch (Exception)
        {
            return true; // keys that cannot be compared conflict
        }
    }

    public override bool Equals(object? other) => other is MessageKey key && Equals(key);

    public override int GetHashCode() => _hash;
}
