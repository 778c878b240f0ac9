using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;
using static GroupComm.Hosting.Tests.TestHosts;

namespace GroupComm.Hosting.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void Options_come_from_the_section_and_code_has_the_last_word()
    {
        GroupCommOptions options = Read(options => options.Cluster = "shop",
            ("GroupComm:Cluster", "ignored"), ("groupcomm:listen", "127.0.0.1:0"), ("GroupComm:Seeds:0", "a:1"), ("GroupComm:Seeds:1", "b:2"),
            ("GroupComm:HeartbeatInterval", "50ms"), ("GroupComm:SuspicionTimeout", "00:00:02"), ("GroupComm:AllowPlaintext", "TRUE"), ("GroupComm:SendWindow", "65536"));
        Assert.Equal(("shop", "127.0.0.1:0", true, 65536), (options.Cluster, options.Listen, options.AllowPlaintext, options.SendWindow));
        Assert.Equal(["a:1", "b:2"], options.Seeds);
        Assert.Equal((50, 2), (options.HeartbeatInterval.TotalMilliseconds, options.SuspicionTimeout.TotalSeconds));
    }

    [Fact]
    public void Seeds_may_be_one_text() => Assert.Equal(["a:1", "b:2"], Read(null, ("GROUPCOMM:SEEDS", "a:1, b:2")).Seeds);

    [Fact]
    public void A_section_may_be_passed()
    {
        IConfiguration root = new ConfigurationBuilder().AddInMemoryCollection([new("Any:Cluster", "x"), new("GroupComm:Cluster", "y")]).Build();
        ServiceCollection services = new();
        services.AddGroupComm(root.GetSection("Any"));
        services.AddGroupComm("second", root);
        IOptionsMonitor<GroupCommOptions> options = services.BuildServiceProvider().GetRequiredService<IOptionsMonitor<GroupCommOptions>>();
        Assert.Equal("x", options.Get("").Cluster);
        Assert.Equal("default", options.Get("second").Cluster);
    }

    [Theory]
    [InlineData("GroupComm:SuspicionTimout", "2s", "did you mean SuspicionTimeout?")]
    [InlineData("GroupComm:Seed", "a:1", "did you mean Seeds?")]
    [InlineData("GroupComm:waitforjoim", "true", "did you mean WaitForJoin?")]
    [InlineData("GroupComm:Colour", "blue", "options are Advertise, AllowPlaintext")]
    [InlineData("GroupComm:Serializer", "json", "set it in code")]
    [InlineData("GroupComm:LeaveTimeout", "5", "a time with its unit")]
    [InlineData("GroupComm:ExpectedNodes", "three", "a whole number")]
    [InlineData("GroupComm:AllowPlaintext", "yes", "true or false")]
    [InlineData("GroupComm:Cluster:Name", "x", "is one value")]
    [InlineData("GroupComm:SendWindow", "1", "64 KiB to 1 GiB")]
    [InlineData("GroupComm:Dns", "nodes:7400", "needs ExpectedNodes")]
    [InlineData("GroupComm:HandlerFailureWindow", "48h", "0 (never degraded) to 24 h")]
    public async Task A_wrong_key_or_value_stops_the_start_and_names_the_fix(string key, string value, string fix)
    {
        await using TestHosts hosts = new();
        IHost host = hosts.Build(services => services.AddGroupComm(options => Place(options, 1, 1)), (key, value));
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Ct).WaitAsync(Limit, Ct));
        Assert.Contains(fix, error.Message, StringComparison.Ordinal);
        Assert.Contains(key.Split(':')[1], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mistakes_of_a_named_cluster_are_its_own()
    {
        await using TestHosts hosts = new();
        IHost host = hosts.Build(services =>
        {
            services.AddGroupComm(options => Place(options, 1, 1));
            services.AddGroupComm("orders", options => Place(options, 2, 1));
        }, ("GroupComm:orders:Clusta", "x"));
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(Ct).WaitAsync(Limit, Ct));
        Assert.Equal("GroupComm 'orders': GroupComm:orders:Clusta is not an option; did you mean Cluster?", Assert.Single(error.Failures));
    }

    [Fact]
    public void The_serializer_comes_from_the_container_unless_set()
    {
        ServiceCollection services = new();
        OtherSerializer any = new(), own = new(), named = new();
        services.AddSingleton<IMessageSerializer>(any).AddKeyedSingleton<IMessageSerializer>("b", named);
        services.AddGroupComm("a");
        services.AddGroupComm("b");
        services.AddGroupComm("c", options => options.Serializer = own);
        IOptionsMonitor<GroupCommOptions> options = services.BuildServiceProvider().GetRequiredService<IOptionsMonitor<GroupCommOptions>>();
        Assert.Same(any, options.Get("a").Serializer);
        Assert.Same(named, options.Get("b").Serializer);
        Assert.Same(own, options.Get("c").Serializer);
    }

    private static GroupCommOptions Read(Action<GroupCommOptions>? configure, params (string Key, string Value)[] settings)
    {
        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build());
        services.AddGroupComm(configure);
        return services.BuildServiceProvider().GetRequiredService<IOptionsMonitor<GroupCommOptions>>().Get("");
    }

    private sealed class OtherSerializer : IMessageSerializer
    {
        public string ContentType => "text/plain";

        public void Serialize<T>(System.Buffers.IBufferWriter<byte> output, T message) => throw new NotSupportedException();

        public T Deserialize<T>(in System.Buffers.ReadOnlySequence<byte> input) => throw new NotSupportedException();
    }
}
