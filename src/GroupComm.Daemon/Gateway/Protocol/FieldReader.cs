using System;
using System.Buffers;
using System.Text;
using MessagePack;

namespace GroupComm.Gateway.Protocol;

/// <summary>The fields of one frame, each checked for its type and size before anything is made of it.</summary>
internal ref struct FieldReader(ReadOnlySequence<byte> payload)
{
    private static readonly UTF8Encoding s_strict = new(false, true);

    private MessagePackReader _reader = new(payload);
    private int _left;

    /// <summary>Reads array and kind.</summary>
    public int Begin()
    {
        Expect(MessagePackType.Array, "an array");
        _left = _reader.ReadArrayHeader();
        return (int)Math.Min(Number(), int.MaxValue);
    }

    /// <summary>Passes over what a later version may have added; nothing may follow.</summary>
    public void Finish()
    {
        for (; _left > 0; _left--)
            Skip(1);
        if (!_reader.End)
            throw new BadFrameException("bytes follow the array");
    }

    /// <summary>Whether the array has what came to this kind later.</summary>
    public readonly bool HasMore => _left > 0;

    public long Number()
    {
        Take();
        return Unsigned();
    }

    public int Small(int least, int most)
    {
        Take();
        Expect(MessagePackType.Integer, "an integer");
        long value;
        try
        {
            value = _reader.ReadInt64();
        }
        catch (OverflowException)
        {
            value = long.MaxValue;
        }
        return value >= least && value <= most ? (int)value : throw new BadFrameException($"{value} is out of range: {least} to {most}");
    }

    public bool Flag()
    {
        Take();
        return Boolean();
    }

    public string Text(int most = GatewayLimits.MaxText) => OptionalText(most) ?? throw new BadFrameException("a str is missing: it is nil");

    public string? OptionalText(int most = GatewayLimits.MaxText)
    {
        Take();
        return _reader.TryReadNil() ? null : String(most);
    }

    public byte[] Bytes(long most) => OptionalBytes(most) ?? throw new BadFrameException("a bin is missing: it is nil");

    public byte[]? OptionalBytes(long most)
    {
        Take();
        if (_reader.TryReadNil())
            return null;
        Expect(MessagePackType.Binary, "a bin");
        ReadOnlySequence<byte> bytes = _reader.ReadBytes()!.Value;
        return bytes.Length <= most ? bytes.ToArray() : throw new BadFrameException($"a bin has {bytes.Length} bytes, at most {most} are allowed");
    }

    public string[] Names()
    {
        Take();
        Expect(MessagePackType.Array, "an array");
        int count = _reader.ReadArrayHeader();
        if (count > GatewayLimits.MaxNames)
            throw new BadFrameException($"an array has {count} names, at most {GatewayLimits.MaxNames} are allowed");
        var names = new string[count];
        for (int i = 0; i < count; i++)
            names[i] = String(GatewayLimits.MaxText);
        return names;
    }

    public JoinOptions Options()
    {
        Take();
        Expect(MessagePackType.Map, "a map");
        JoinOptions options = new();
        for (int count = _reader.ReadMapHeader(); count > 0; count--)
        {
            switch (String(GatewayLimits.MaxText))
            {
                case "state":
                    options = options with { State = Boolean() };
                    break;
                case "states":
                    options = options with { States = Boolean() };
                    break;
                case "open":
                    options = options with { Open = Boolean() };
                    break;
                case "agreedOnly":
                    options = options with { AgreedOnly = Boolean() };
                    break;
                case "startEmptyWhenStateIsLost":
                    options = options with { StartEmptyWhenStateIsLost = Boolean() };
                    break;
                case "slowConsumerTimeout":
                    options = options with { SlowConsumerTimeout = (int)Math.Min(Unsigned(), int.MaxValue) };
                    break;
                default:
                    Skip(2);
                    break;
            }
        }
        return options;
    }

    private void Take()
    {
        if (_left-- <= 0)
            throw new BadFrameException("the array has too few elements");
    }

    private long Unsigned()
    {
        Expect(MessagePackType.Integer, "an integer");
        ulong value;
        try
        {
            value = _reader.ReadUInt64();
        }
        catch (OverflowException)
        {
            throw new BadFrameException("a uint is negative");
        }
        return value <= GatewayLimits.MaxNumber ? (long)value : throw new BadFrameException($"{value} is out of range: 0 to 2^53 - 1");
    }

    private bool Boolean()
    {
        Expect(MessagePackType.Boolean, "a bool");
        return _reader.ReadBoolean();
    }

    private string String(int most)
    {
        Expect(MessagePackType.String, "a str");
        ReadOnlySequence<byte> bytes = _reader.ReadStringSequence()!.Value;
        if (bytes.Length > most)
            throw new BadFrameException($"a str has {bytes.Length} bytes, at most {most} are allowed");
        try
        {
            return s_strict.GetString(bytes);
        }
        catch (ArgumentException)
        {
            throw new BadFrameException("a str is not UTF-8");
        }
    }

    private void Expect(MessagePackType type, string what)
    {
        if (_reader.NextMessagePackType != type)
            throw new BadFrameException($"{what} is expected, not {_reader.NextMessagePackType}");
    }

    private void Skip(int depth)
    {
        if (depth > GatewayLimits.MaxDepth)
            throw new BadFrameException($"arrays and maps are nested more than {GatewayLimits.MaxDepth} deep");
        switch (_reader.NextMessagePackType)
        {
            case MessagePackType.Array:
                for (int count = _reader.ReadArrayHeader(); count > 0; count--)
                    Skip(depth + 1);
                break;
            case MessagePackType.Map:
                for (int count = _reader.ReadMapHeader(); count > 0; count--)
                {
                    Skip(depth + 1);
                    Skip(depth + 1);
                }
                break;
            default:
                _reader.Skip();
                break;
        }
    }
}
