using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Children;

/// <summary>
/// The child's end of its pipes: one line is one report or one command, fields parted by tabs. When the parent is gone,
/// however it ended, its pipe closes and the child ends at once: no child outlives its parent.
/// </summary>
internal sealed class Control
{
    private readonly Lock _lock = new();
    private readonly Channel<string[]> _commands = Channel.CreateUnbounded<string[]>();
    private readonly Dictionary<string, TaskCompletionSource> _heard = [];

    public Control()
    {
        var reader = new Thread(Read) { IsBackground = true, Name = "control" };
        reader.Start();
    }

    public void Say(params ReadOnlySpan<string> fields)
    {
        string line = string.Join('\t', fields!);
        lock (_lock)
        {
            Console.Out.Write(line + "\n");
            Console.Out.Flush();
        }
    }

    /// <summary>The next command, whatever it is.</summary>
    public ValueTask<string[]> NextAsync() => _commands.Reader.ReadAsync();

    /// <summary>Completes when <paramref name="command"/> was heard; such commands do not come through <see cref="NextAsync"/>.</summary>
    public Task Heard(string command)
    {
        lock (_heard)
            return Source(command).Task;
    }

    private TaskCompletionSource Source(string command)
    {
        if (!_heard.TryGetValue(command, out TaskCompletionSource? source))
            _heard.Add(command, source = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        return source;
    }

    private void Read()
    {
        while (Console.In.ReadLine() is { } line)
        {
            string[] fields = line.Split('\t');
            if (fields.Length > 1)
                _commands.Writer.TryWrite(fields);
            else
                lock (_heard)
                    Source(fields[0]).TrySetResult();
        }
        Environment.Exit(0);
    }
}
