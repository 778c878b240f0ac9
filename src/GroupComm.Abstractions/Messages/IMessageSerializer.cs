using System.Buffers;

namespace GroupComm;

/// <summary>Turns typed messages into bytes and back. The default is MessagePack with string keys.</summary>
public interface IMessageSerializer
{
    /// <summary>Carried in the message header, so that other languages know how to read it.</summary>
    string ContentType { get; }

    /// <summary>Writes <paramref name="message"/>.</summary>
    void Serialize<T>(IBufferWriter<byte> output, T message);

    /// <summary>Reads what <see cref="Serialize{T}"/> wrote; the input is valid during the call only.</summary>
    T Deserialize<T>(in ReadOnlySequence<byte> input);
}
