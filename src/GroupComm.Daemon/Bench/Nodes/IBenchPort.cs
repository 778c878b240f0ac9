using System;
using System.Threading.Channels;
using System.Threading.Tasks;
using GroupComm.Daemon.Children;

namespace GroupComm.Daemon.Bench.Nodes;

/// <summary>Between a node under measurement and who measures: pipes of a process, or channels in one process.</summary>
internal interface IBenchPort
{
    void Say(params ReadOnlySpan<string> fields);

    /// <summary>The next command.</summary>
    ValueTask<string[]> NextAsync();
}

/// <summary>The pipes of a child process.</summary>
internal sealed class PipePort(Control control) : IBenchPort
{
    public void Say(params ReadOnlySpan<string> fields) => control.Say(fields);

    public ValueTask<string[]> NextAsync() => control.NextAsync();
}

/// <summary>Two channels.</summary>
internal sealed class ChannelPort : IBenchPort
{
    public Channel<string[]> Commands { get; } = Channel.CreateUnbounded<string[]>();

    public Channel<string[]> Reports { get; } = Channel.CreateUnbounded<string[]>();

    public void Say(params ReadOnlySpan<string> fields) => Reports.Writer.TryWrite(fields.ToArray());

    public ValueTask<string[]> NextAsync() => Commands.Reader.ReadAsync();
}
