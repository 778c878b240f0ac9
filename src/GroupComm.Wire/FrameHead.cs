using GroupComm.Core;
using GroupComm.Core.Messages;

namespace GroupComm.Wire;

/// <summary>What every frame begins with: <c>[kind, flags, epoch, view, generation, …]</c>. The rest of the array is the
/// kind's own.</summary>
internal readonly record struct FrameHead(int Kind, ViewKey View, uint Generation, int GenerationAt)
{
    public const int Fields = 5;

    /// <summary>Kinds from here on may be ignored by those who do not know them.</summary>
    public const int Skippable = 128;

    /// <summary>Opens the array of a frame with so many fields of its own. The generation is filled in when it is sealed.</summary>
    public static void Write(WireWriter writer, Message message, int fields)
    {
        writer.Array(Fields + fields);
        writer.Int((int)message.Kind);
        writer.Int(0); // flags: none in version 1
        writer.Int(message.View.Epoch);
        writer.Int(message.View.Id);
        writer.Generation(0);
    }

    /// <summary>Leaves the frame's array open; <paramref name="saved"/> ends it.</summary>
    public static FrameHead Read(ref WireReader reader, out int saved)
    {
        saved = reader.Begin();
        int kind = reader.Int32(1, 255);
        reader.Int32(0, 255);
        ViewKey view = ReadView(ref reader);
        uint generation = reader.Generation();
        return new FrameHead(kind, view, generation, reader.Position - 4);
    }

    /// <summary>Epochs have 48 bits, but the tag of a pseudo view may be any number.</summary>
    public static ViewKey ReadView(ref WireReader reader)
    {
        long epoch = reader.Int64();
        long id = reader.Range(0, (1L << 48) - 1);
        if (id != 0 && epoch is < 0 or >= 1L << 48)
            reader.Fail("an epoch out of range");
        return new ViewKey(epoch, id);
    }
}
