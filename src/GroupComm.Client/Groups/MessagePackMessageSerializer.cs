using System.Buffers;
using MessagePack;
using MessagePack.Resolvers;

namespace GroupComm.Client.Groups;

/// <summary>The default, and that of nodes too: MessagePack maps with the names of properties as keys, read as untrusted bytes.</summary>
internal sealed class MessagePackMessageSerializer : IMessageSerializer
{
    private static readonly MessagePackSerializerOptions s_format = MessagePackSerializerOptions.Standard
        .WithResolver(ContractlessStandardResolverAllowPrivate.Instance)
        .WithSecurity(MessagePackSecurity.UntrustedData);

    public string ContentType => "application/msgpack";

    public void Serialize<T>(IBufferWriter<byte> output, T message) => MessagePackSerializer.Serialize(output, message, s_format);

    public T Deserialize<T>(in ReadOnlySequence<byte> input) => MessagePackSerializer.Deserialize<T>(input, s_format);
}
