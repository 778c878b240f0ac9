using System;
using System.Net;
using Xunit;

namespace GroupComm.Transport.Tests.Parts;

public sealed class EndpointTests
{
    [Theory]
    [InlineData("node1:7400", "node1", 7400, "node1:7400")]
    [InlineData("Node1.Example.ORG", "node1.example.org", 7400, "node1.example.org:7400")]
    [InlineData("my_service-1:1", "my_service-1", 1, "my_service-1:1")]
    [InlineData("localhost:0", "localhost", 0, "localhost:0")]
    [InlineData("10.0.0.2", "10.0.0.2", 7400, "10.0.0.2:7400")]
    [InlineData("10.0.0.2:65535", "10.0.0.2", 65535, "10.0.0.2:65535")]
    [InlineData("[::1]:80", "::1", 80, "[::1]:80")]
    [InlineData("[::1]", "::1", 7400, "[::1]:7400")]
    [InlineData("[2001:DB8:0:0::1]:9", "2001:db8::1", 9, "[2001:db8::1]:9")]
    [InlineData("1a.b:5", "1a.b", 5, "1a.b:5")]
    public void A_good_endpoint_is_read_and_round_trips(string text, string host, int port, string written)
    {
        Assert.True(Endpoint.TryParse(text, Endpoint.DefaultPort, out Endpoint endpoint, out string error), error);
        Assert.Equal((host, port, written), (endpoint.Host, endpoint.Port, endpoint.ToString()));
        Assert.True(Endpoint.TryParse(endpoint.ToString(), 1, out Endpoint again));
        Assert.Equal(endpoint, again);
    }

    [Theory]
    [InlineData(null, "missing")]
    [InlineData("", "missing")]
    [InlineData(":7400", "host is missing")]
    [InlineData("host:", "port")]
    [InlineData("host:-1", "port")]
    [InlineData("host:+1", "port")]
    [InlineData("host: 1", "port")]
    [InlineData("host:65536", "port")]
    [InlineData("host:999999999999", "port")]
    [InlineData("host:http", "port")]
    [InlineData("::1", "brackets: [::1]:7400")]
    [InlineData("a:b:c", "more than one colon")]
    [InlineData("[::1", "[address]:port")]
    [InlineData("[::1]7400", "[address]:port")]
    [InlineData("[]:1", "no IPv6 address")]
    [InlineData("[10.0.0.1]:1", "no IPv6 address")]
    [InlineData("[host]:1", "no IPv6 address")]
    [InlineData("10.0.0:1", "four numbers")]
    [InlineData("256.0.0.1:1", "four numbers")]
    [InlineData("010.0.0.1:1", "four numbers")]
    [InlineData("7400", "four numbers")]
    [InlineData("*:7400", "0.0.0.0")]
    [InlineData("a b:1", "letters")]
    [InlineData(" host:1", "letters")]
    [InlineData("-a:1", "letters")]
    [InlineData("a..b:1", "letters")]
    [InlineData("http://host:1", "more than one colon")]
    [InlineData("häuser:1", "letters")]
    public void Nonsense_is_refused_with_a_line_that_says_why(string? text, string why)
    {
        Assert.False(Endpoint.TryParse(text, Endpoint.DefaultPort, out _, out string error));
        Assert.Contains(why, error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
    }

    [Fact]
    public void A_host_is_at_most_253_characters_long()
    {
        Assert.False(Endpoint.TryParse($"{new string('a', 64)}:1", 0, out _));
        Assert.False(Endpoint.TryParse(string.Join('.', new string('a', 63), new string('b', 63), new string('c', 63), new string('d', 63)) + ":1", 0, out _));
    }

    [Fact]
    public void An_IPv4_address_seen_through_IPv6_is_written_as_IPv4() =>
        Assert.Equal("10.0.0.2:5", Endpoint.Of(new IPEndPoint(IPAddress.Parse("10.0.0.2").MapToIPv6(), 5)).ToString());
}
