using System;
using System.Globalization;

namespace GroupComm;

/// <summary>
/// 128 bits that grow with every primary view of a group and across restarts of the cluster (law VS-25):
/// epoch (48 bit), cluster view (48 bit), group view (32 bit). A resource that remembers the highest token it has seen
/// refuses the writes of a holder that was left behind. Text form: 32 hex digits that sort as strings.
/// </summary>
/// <param name="Value">The 128 bits.</param>
public readonly record struct FencingToken(UInt128 Value) : IComparable<FencingToken>
{
    /// <summary>Composes a token. Throws <see cref="ArgumentOutOfRangeException"/> when a part does not fit its bits.</summary>
    public static FencingToken Create(long epoch, long view, long groupView)
    {
        const long Max48 = (1L << 48) - 1;
        ArgumentOutOfRangeException.ThrowIfNegative(epoch);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(epoch, Max48);
        ArgumentOutOfRangeException.ThrowIfNegative(view);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(view, Max48);
        ArgumentOutOfRangeException.ThrowIfNegative(groupView);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(groupView, uint.MaxValue);
        return new FencingToken(((UInt128)(ulong)epoch << 80) | ((UInt128)(ulong)view << 32) | (uint)groupView);
    }

    /// <summary>Reads 32 hex digits.</summary>
    public static bool TryParse(string? text, out FencingToken token)
    {
        bool ok = UInt128.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out UInt128 value) && text!.Length == 32;
        token = ok ? new FencingToken(value) : default;
        return ok;
    }

    /// <inheritdoc/>
    public int CompareTo(FencingToken other) => Value.CompareTo(other.Value);

    /// <summary>Whether the left token is older.</summary>
    public static bool operator <(FencingToken left, FencingToken right) => left.Value < right.Value;

    /// <summary>Whether the left token is newer.</summary>
    public static bool operator >(FencingToken left, FencingToken right) => left.Value > right.Value;

    /// <summary>Whether the left token is not newer.</summary>
    public static bool operator <=(FencingToken left, FencingToken right) => left.Value <= right.Value;

    /// <summary>Whether the left token is not older.</summary>
    public static bool operator >=(FencingToken left, FencingToken right) => left.Value >= right.Value;

    /// <summary>32 hex digits that sort as strings.</summary>
    public override string ToString() => Value.ToString("x32", CultureInfo.InvariantCulture);
}
