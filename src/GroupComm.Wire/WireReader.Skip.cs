namespace GroupComm.Wire;

// Fields of later versions: any MessagePack value, with the depth bounded and every count checked.
internal ref partial struct WireReader
{
    private void Skip(int depth)
    {
        byte code = Byte();
        switch (code)
        {
            case < 0x80 or >= 0xe0 or 0xc0 or 0xc2 or 0xc3: return;
            case >= 0x80 and <= 0x8f: SkipMany((code & 15) * 2L, depth); return;
            case >= 0x90 and <= 0x9f: SkipMany(code & 15, depth); return;
            case >= 0xa0 and <= 0xbf: Bytes((uint)(code & 31)); return;
            case 0xc4 or 0xd9: Bytes((uint)Big(1)); return;
            case 0xc5 or 0xda: Bytes((uint)Big(2)); return;
            case 0xc6 or 0xdb: Bytes((uint)Big(4)); return;
            case 0xc7: Bytes((uint)Big(1) + 1); return;
            case 0xc8: Bytes((uint)Big(2) + 1); return;
            case 0xc9: SkipLargeExtension(); return;
            case 0xca or 0xce or 0xd2: Bytes(4); return;
            case 0xcb or 0xcf or 0xd3: Bytes(8); return;
            case 0xcc or 0xd0: Bytes(1); return;
            case 0xcd or 0xd1: Bytes(2); return;
            case >= 0xd4 and <= 0xd8: Bytes(1u + (1u << (code - 0xd4))); return;
            case 0xdc: SkipMany((long)Big(2), depth); return;
            case 0xdd: SkipMany((long)Big(4), depth); return;
            case 0xde: SkipMany((long)Big(2) * 2, depth); return;
            case 0xdf: SkipMany((long)Big(4) * 2, depth); return;
            default: Fail("no MessagePack"); return;
        }
    }

    private void SkipLargeExtension()
    {
        ulong length = Big(4);
        Bytes(1);
        Bytes((uint)length);
    }

    private void SkipMany(long count, int depth)
    {
        if (depth >= WireLimits.MaxDepth)
            Fail("nested too deep");
        else if (count > Remaining)
            Fail("more elements than the frame can hold");
        for (; count > 0 && !Failed; count--)
            Skip(depth + 1);
    }
}
