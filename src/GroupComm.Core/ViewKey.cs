using System;

namespace GroupComm.Core;

/// <summary>
/// Names a cluster view in every frame: the epoch (one life of the cluster) and the view's number in it.
/// Number 0 is the pseudo view whose members are the founders; its epoch is a tag of their identities.
/// </summary>
internal readonly record struct ViewKey(long Epoch, long Id) : IComparable<ViewKey>
{
    public bool IsBootstrap => Id == 0;

    public bool Follows(ViewKey other) => Epoch == other.Epoch && Id > other.Id;

    public int CompareTo(ViewKey other) => Epoch != other.Epoch ? Epoch.CompareTo(other.Epoch) : Id.CompareTo(other.Id);

    public override string ToString() => $"{Epoch:x}/{Id}";
}
