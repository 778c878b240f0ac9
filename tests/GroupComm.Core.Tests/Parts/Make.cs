using GroupComm.Core.Messages;
using GroupComm.Core.Streams;

namespace GroupComm.Core.Tests.Parts;

/// <summary>Values that the tests of the concerns are made of.</summary>
internal static class Make
{
    public static readonly ViewKey View = new(7, 1);

    public static NodeId Id(string name, long incarnation = 1) => new(name, incarnation);

    public static NodeInfo Node(string name, long incarnation = 1) => new(Id(name, incarnation), name);

    /// <summary>Consecutive messages of one order; the bundle fills in the sequences.</summary>
    public static Segment Plain(DeliveryOrder order, int count = 1, bool stamped = false) => new() { Order = order, Count = count, Stamped = stamped };

    public static Segment Fragment(DeliveryOrder order, int left) => new() { Order = order, Count = 1, FragmentsLeft = left };

    public static Bundle Bundle(int sender, long first, long[] stamp, params Segment[] segments)
    {
        int count = 0;
        for (int i = 0; i < segments.Length; i++)
        {
            segments[i].First = first + count;
            count += segments[i].Count;
        }
        return new Bundle(View, sender, first, count, stamp, segments, segments.Length, null, 0, 0);
    }

    public static InStream Stream(params Bundle[] bundles)
    {
        var stream = new InStream();
        foreach (Bundle bundle in bundles)
            stream.TryAppend(bundle);
        return stream;
    }
}
