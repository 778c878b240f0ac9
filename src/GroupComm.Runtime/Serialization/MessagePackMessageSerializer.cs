using System.Buffers;
using MessagePack;
using MessagePack.Resolvers;

namespace GroupComm.Runtime.Serialization;

/// <summary>
/// The default: MessagePack maps with the names of properties as keys, so that other languages can read them. Made for
/// untrusted bytes, without type names in the data: what a message is, its type id says.
/// </summary>
internal sealed class MessagePackMessageSerializer : IMessageSerializer
{
    private static readonly MessagePackSerializerOptions Format = MessagePackSerializerOptions.Standard
        .WithResolver(ContractlessStandardResolverAllowPrivate.Instance)
        .WithSecurity(MessagePackSecurity.UntrustedData);

    public string ContentType => "application/msgpack";

    public void Serialize<T>(IBufferWriter<byte> output, T message) => MessagePackSerializer.Serialize(output, message, Format);

    public T Deserialize<T>(in ReadOnlySequence<byte> input) => MessagePackSerializer.Deserialize<T>(input, Format);
}
