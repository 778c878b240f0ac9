using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using GroupComm.Daemon.Tests.Sidecar;
using GroupComm.Gateway.Protocol;
using GroupComm.Runtime.Serialization;
using Xunit;

namespace GroupComm.Daemon.Tests.Gateway;

/// <summary>A typed message of .NET, as other languages read it. <c>UPDATE_VECTORS=1</c> writes the vectors anew.</summary>
public sealed class TypedVectorTests
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly (string Name, StockChanged Value)[] s_samples =
    [
        ("usual", new StockChanged("apples", 12, 0, 0.25, [0, 255], null, ["fresh", "red"], true)),
        ("limits", new StockChanged("Äpfel 🍎", long.MaxValue, ulong.MaxValue, -1.5, [], "note", [], false)),
        ("least", new StockChanged("", long.MinValue, 1UL << 53, 1e300, new byte[300], new string('x', 40), ["a"], false)),
    ];

    [Fact]
    public void A_group_message_is_encoded_as_its_vector_and_decoded_from_it()
    {
        MessagePackMessageSerializer serializer = new();
        JsonArray messages = [];
        foreach ((string name, StockChanged value) in s_samples)
        {
            ArrayBufferWriter<byte> bytes = new();
            serializer.Serialize(bytes, value);
            messages.Add(new JsonObject { ["name"] = name, ["type"] = "stock-changed", ["fields"] = Fields(value), ["hex"] = Convert.ToHexStringLower(bytes.WrittenSpan) });
            Assert.Equal(Fields(value).ToJsonString(), Fields(serializer.Deserialize<StockChanged>(new ReadOnlySequence<byte>(bytes.WrittenMemory))).ToJsonString());
        }
        string text = new JsonObject { ["messages"] = messages }.ToJsonString(s_indented) + "\n";
        if (Environment.GetEnvironmentVariable("UPDATE_VECTORS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(IndexPath())!);
            File.WriteAllText(IndexPath(), text);
        }
        Assert.Equal(File.ReadAllText(IndexPath()), text);
    }

    [Fact]
    public async Task Typed_messages_and_queries_cross_between_dotnet_and_a_client()
    {
        await using Sidecar.Daemon daemon = await Sidecar.Daemon.StartAsync();
        List<StockChanged> came = [];
        TaskCompletionSource handled = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using IGroup group = await daemon.Node.JoinAsync("g", g => g
            .Register<StockChanged>((message, _, _) =>
            {
                came.Add(message);
                handled.TrySetResult();
                return ValueTask.CompletedTask;
            })
            .RegisterQuery<PriceOf, Price>((query, _, _) => ValueTask.FromResult(new Price(query.Name.Length * 10L))), Sidecar.Daemon.Ct);
        using GatewayClient client = await GatewayClient.ConnectAsync(await GatewayClient.WebSocketAsync(daemon));
        await client.JoinAsync("g", "client");
        JsonNode vector = JsonNode.Parse(File.ReadAllText(IndexPath()))!["messages"]![1]!;
        byte[] bytes = Convert.FromHexString((string)vector["hex"]!);

        await client.SendAsync(new Send(client.NewRef(), null, DeliveryOrder.Agreed, "stock-changed", bytes, 0));
        await handled.Task.WaitAsync(Sidecar.Daemon.Limit, Sidecar.Daemon.Ct);
        Assert.Equal(Fields(s_samples[1].Value).ToJsonString(), Fields(Assert.Single(came)).ToJsonString());
        await client.NextAsync<MessageFrame>();
        await group.SendAsync(s_samples[1].Value, Sidecar.Daemon.Ct);
        MessageFrame message = await client.NextAsync<MessageFrame>();
        Assert.Equal(("stock-changed", DeliveryOrder.Safe), (message.Type, message.Order));
        Assert.Equal(bytes, message.Payload.ToArray());

        await client.SendAsync(new Query(client.NewRef(), "price-of", Convert.FromHexString("81a44e616d65a3666967"), DeliveryOrder.Agreed, 0));
        Ask own = await client.NextAsync<Ask>();
        await client.SendAsync(new Reply(own.Query, true, own.Payload));
        Answer answer = await client.NextAsync<Answer>(each => each.Member == group.Self.ToString());
        Assert.Equal("81a5436f756e741e", Convert.ToHexStringLower(answer.Payload.Span));
    }

    private static JsonObject Fields(StockChanged value) => new()
    {
        [nameof(value.Name)] = value.Name,
        [nameof(value.Quantity)] = $"int:{value.Quantity}",
        [nameof(value.Serial)] = $"int:{value.Serial}",
        [nameof(value.Price)] = value.Price,
        [nameof(value.Raw)] = "hex:" + Convert.ToHexStringLower(value.Raw),
        [nameof(value.Note)] = value.Note,
        [nameof(value.Tags)] = new JsonArray([.. value.Tags.Select(tag => (JsonNode)tag)]),
        [nameof(value.Final)] = value.Final,
    };

    private static string IndexPath([CallerFilePath] string source = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(source)!, "../../../interop/vectors/typed/index.json"));
}

[GroupMessage("stock-changed", Order = DeliveryOrder.Safe)]
public sealed record StockChanged(string Name, long Quantity, ulong Serial, double Price, byte[] Raw, string? Note, string[] Tags, bool Final);

[GroupMessage("price-of")]
public sealed record PriceOf(string Name);

[GroupMessage("price")]
public sealed record Price(long Count);
