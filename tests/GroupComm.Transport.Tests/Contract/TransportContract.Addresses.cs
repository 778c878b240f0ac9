using System;
using System.Threading.Tasks;
using GroupComm.Transport.Tests.Kit;
using Xunit;

namespace GroupComm.Transport.Tests.Contract;

public abstract partial class TransportContract
{
    [Fact]
    public async Task A_dial_where_nobody_listens_is_refused()
    {
        TransportUnderTest gone = await MakeListeningAsync();
        string address = gone.Address;
        await gone.DisposeAsync();

        TransportException error = await Assert.ThrowsAsync<TransportException>(() => Make().DialAsync(address));

        Assert.True(error.Refused);
        Assert.Equal(JoinStep.Connect, error.Step);
        Assert.Contains(address, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_gives_one_line_with_the_fix()
    {
        TransportUnderTest first = await MakeListeningAsync();

        TransportException error = await Assert.ThrowsAsync<TransportException>(() => Make().ListenAsync(first.Address));

        Assert.Equal((JoinStep.Connect, false), (error.Step, error.Refused));
        Assert.Contains("in use", error.Message, StringComparison.Ordinal);
        Assert.Contains("port 0", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public async Task A_port_is_free_again_after_its_transport_is_gone()
    {
        TransportUnderTest first = await MakeListeningAsync();
        await ConnectAsync(Make(), first);
        await first.DisposeAsync();

        await Make().ListenAsync(first.Address);
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    public async Task Port_0_is_a_free_port_and_localhost_reaches_it(string host)
    {
        TransportUnderTest to = Make();
        await to.ListenAsync($"{host}:0");

        Assert.True(Endpoint.TryParse(to.Address, 0, out Endpoint bound));
        Assert.NotEqual(0, bound.Port);
        await Make().DialAsync($"localhost:{bound.Port}");
        await to.Sink.NextAsync();
    }

    [Fact]
    public async Task An_address_that_is_none_fails_at_resolve()
    {
        TransportException dial = await Assert.ThrowsAsync<TransportException>(() => Make().DialAsync("a:b:c"));
        TransportException listen = await Assert.ThrowsAsync<TransportException>(() => Make().ListenAsync("127.0.0.1:99999"));

        Assert.Equal((JoinStep.Resolve, JoinStep.Resolve), (dial.Step, listen.Step));
    }

    [Fact]
    public async Task A_transport_listens_once()
    {
        TransportUnderTest made = await MakeListeningAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => made.ListenAsync());
    }
}
