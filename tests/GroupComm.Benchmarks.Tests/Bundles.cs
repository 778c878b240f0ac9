using GroupComm.Core;
using GroupComm.Core.Messages;

namespace GroupComm.Benchmarks.Tests;

/// <summary>Bundles of equal messages, as one sender fills them.</summary>
internal static class Bundles
{
    public static readonly ViewKey View = new(7, 1);

    private const int MoreFollows = 0x80;

    public static Bundle Of(int sender, long first, int count, int size, DeliveryOrder order = DeliveryOrder.Agreed)
    {
        int lengthSize = size >= MoreFollows * MoreFollows ? 3 : size >= MoreFollows ? 2 : 1;
        Block block = new PlainBlocks().Rent(count * (size + lengthSize));
        for (int i = 0; i < count; i++)
        {
            int at = i * (size + lengthSize), length = size;
            for (; length >= MoreFollows; length >>= 7)
                block.Buffer[at++] = (byte)(length | MoreFollows);
            block.Buffer[at] = (byte)length;
        }
        Segment all = new() { Order = order, Group = 1, GroupView = 1, Slot = 1, First = first, Count = count, Offset = 0, Length = count * (size + lengthSize) };
        return new Bundle(View, sender, first, count, [1000, 1000, 1000], [all], 1, block, 0, all.Length);
    }
}
