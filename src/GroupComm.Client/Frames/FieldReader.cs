using System;
using System.Buffers;
using System.Buffers.Text;
using System.Collections.Generic;
using MessagePack;

namespace GroupComm.Client.Frames;

/// <summary>Reads the fields of one frame in turn; what is not as the specification says is a <see cref="BadFrameException"/>.</summary>
internal ref struct FieldReader(in ReadOnlySequence<byte> frame, TextCache texts)
{
    private MessagePackReader _reader = new(frame);
    private int _left;

    /// <summary>Enters the array; the kind, its first element.</summary>
    public long Begin()
    {
        Expect(MessagePackType.Array, "an array");
        _left = _reader.ReadArrayHeader();
        return UInt();
    }

    /// <summary>Passes over what a later version added.</summary>
    public void End()
    {
        for (; _left > 0; _left--)
            Skip(1);
        if (!_reader.End)
            throw new BadFrameException("bytes follow the array");
    }

    public long UInt()
    {
        Next();
        Expect(MessagePackType.Integer, "a uint");
        long value;
        try
        {
            value = _reader.ReadInt64();
        }
        catch (OverflowException)
        {
            value = long.MaxValue;
        }
        return value is >= 0 and <= GatewayLimits.MaxNumber ? value : throw new BadFrameException("a uint is out of range: 0 to 2^53 - 1");
    }

    public int UInt(int most) => UInt() is var value && value <= most ? (int)value : throw new BadFrameException($"{value} is out of range: 0 to {most}");

    public bool Bool()
    {
        Next();
        Expect(MessagePackType.Boolean, "a bool");
        return _reader.ReadBoolean();
    }

    public string Str() => texts.Text(Utf8());

    public string? OptionalStr() => TryNil() ? null : Str();

    public byte[] Bin()
    {
        Next();
        Expect(MessagePackType.Binary, "a bin");
        return _reader.ReadBytes()!.Value.ToArray();
    }

    public MemberId Member() => texts.Member(Utf8());

    public MemberId? OptionalMember() => TryNil() ? null : Member();

    public MemberId[] Members()
    {
        Next();
        Expect(MessagePackType.Array, "an array of members");
        MemberId[] members = new MemberId[_reader.ReadArrayHeader()];
        for (int i = 0; i < members.Length; i++)
        {
            _left++;
            members[i] = Member();
        }
        return members;
    }

    /// <summary><c>NODE:VIEW:SEQUENCE</c></summary>
    public MessageId Id()
    {
        ReadOnlySpan<byte> text = Utf8();
        int last = text.LastIndexOf((byte)':');
        int first = last < 0 ? -1 : text[..last].LastIndexOf((byte)':');
        return first > 0 && Number(text[(first + 1)..last], out long view) && Number(text[(last + 1)..], out long sequence)
            ? new MessageId(texts.Node(text[..first]), view, sequence)
            : throw new BadFrameException("a str is no message id");
    }

    /// <summary><c>VIEW.NUMBER</c></summary>
    public GroupViewId View()
    {
        ReadOnlySpan<byte> text = Utf8();
        int dot = text.IndexOf((byte)'.');
        return dot > 0 && Number(text[..dot], out long view) && Number(text[(dot + 1)..], out long number)
            ? new GroupViewId(view, number)
            : throw new BadFrameException("a str is no view");
    }

    public FencingToken Token() => Str() is var text && FencingToken.TryParse(text, out FencingToken token)
        ? token : throw new BadFrameException("a str is no fencing token");

    private static bool Number(ReadOnlySpan<byte> text, out long number) => Utf8Parser.TryParse(text, out number, out int read) && read == text.Length && number >= 0;

    private bool TryNil()
    {
        if (_left == 0 || !_reader.TryReadNil())
            return false;
        _left--;
        return true;
    }

    private ReadOnlySpan<byte> Utf8()
    {
        Next();
        Expect(MessagePackType.String, "a str");
        ReadOnlySequence<byte> text = _reader.ReadStringSequence()!.Value;
        return text.IsSingleSegment ? text.FirstSpan : text.ToArray();
    }

    private void Next()
    {
        if (_left-- <= 0)
            throw new BadFrameException("the array has too few elements");
    }

    private readonly void Expect(MessagePackType type, string what)
    {
        if (_reader.NextMessagePackType != type)
            throw new BadFrameException($"{what} is expected, not {_reader.NextMessagePackType}");
    }

    private void Skip(int depth)
    {
        MessagePackType type = _reader.NextMessagePackType;
        if (type is not (MessagePackType.Array or MessagePackType.Map))
        {
            _reader.Skip();
            return;
        }
        if (depth >= GatewayLimits.MaxNesting)
            throw new BadFrameException($"arrays and maps are nested more than {GatewayLimits.MaxNesting} deep");
        long items = type == MessagePackType.Array ? _reader.ReadArrayHeader() : 2L * _reader.ReadMapHeader();
        for (; items > 0; items--)
            Skip(depth + 1);
    }
}
