using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using GroupComm.Daemon.Bench.Nodes;
using GroupComm.Daemon.Demo;

namespace GroupComm.Daemon.Bench.Crew;

/// <summary>A node under measurement as who measures sees it: a process, or a part of this one.</summary>
internal sealed class CrewMember : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly ChildProcess? _process;
    private readonly ChannelPort? _inside;
    private readonly ChannelReader<string[]> _reports;
    private readonly List<string[]> _kept = [];

    private CrewMember(string name, ChildProcess? process, ChannelPort? inside, ChannelReader<string[]> reports) =>
        (Name, _process, _inside, _reports) = (name, process, inside, reports);

    public string Name { get; }

    public string Address { get; private set; } = "";

    public static CrewMember Process(string name, params ReadOnlySpan<string> arguments) => Process(name, ChildProgram.Command(arguments));

    public static CrewMember Process(string name, ProcessStartInfo start)
    {
        Channel<Report> raw = Channel.CreateUnbounded<Report>();
        Channel<string[]> reports = Channel.CreateUnbounded<string[]>();
        ChildProcess process = new(name, start, raw.Writer);
        _ = Task.Run(async () =>
        {
            await foreach (Report report in raw.Reader.ReadAllAsync().ConfigureAwait(false))
                reports.Writer.TryWrite(report.Fields);
        });
        return new CrewMember(name, process, null, reports.Reader);
    }

    /// <summary>Runs in this process; <paramref name="run"/> ends with its first failure, which is told.</summary>
    public static CrewMember Inside(string name, Func<IBenchPort, Task> run)
    {
        ChannelPort port = new();
        _ = Task.Run(async () =>
        {
            try
            {
                await run(port).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                port.Say("failed", $"{failure.GetType().Name}: {failure.Message}");
            }
        });
        return new CrewMember(name, null, port, port.Reports.Reader);
    }

    public void Tell(params ReadOnlySpan<string> fields)
    {
        if (_process is not null)
            _process.Tell(fields);
        else
            _inside!.Commands.Writer.TryWrite(fields.ToArray());
    }

    /// <summary>A node that was taken for dead, or that stood still, says that the machine was too busy; a failure of another kind speaks for itself.</summary>
    private static string Advice(string failure) => failure.StartsWith(nameof(ExcludedException), StringComparison.Ordinal) || failure.StartsWith(nameof(NotPrimaryException), StringComparison.Ordinal)
        ? "; the machine gave this node no processor for too long: run it again with fewer --nodes or --groups, or when less else runs"
        : "";

    /// <summary>The next report of that kind; others are kept for those who ask for them.</summary>
    public async Task<string[]> HearAsync(string kind, CancellationToken ct, TimeSpan? limit = null)
    {
        for (int i = 0; i < _kept.Count; i++)
            if (_kept[i][0] == kind)
            {
                string[] found = _kept[i];
                _kept.RemoveAt(i);
                return found;
            }
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(ct);
        late.CancelAfter(limit ?? Limit);
        try
        {
            while (true)
            {
                string[] report = await _reports.ReadAsync(late.Token).ConfigureAwait(false);
                if (report is ["failed", var text])
                    throw new BenchFailure($"{Name}: {text}{Advice(text)}", _process?.Log ?? "");
                if (report.Length == 0)
                    throw new BenchFailure($"{Name} ended before its time", _process?.Log ?? "");
                if (report[0] == kind)
                {
                    if (kind == "listening")
                        Address = report[1];
                    return report;
                }
                _kept.Add(report);
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new BenchFailure($"{Name} did not say '{kind}' within {(limit ?? Limit).TotalSeconds:0} s", _process?.Log ?? "");
        }
    }

    /// <summary>Forgets reports that nobody asked for.</summary>
    public void Forget(string kind)
    {
        while (_reports.TryRead(out string[]? report))
            _kept.Add(report);
        _kept.RemoveAll(each => each.Length > 0 && each[0] == kind);
    }

    public void Kill() => (_process ?? throw new BenchFailure("only processes can be killed: leave out --in-process", "")).Kill();

    /// <summary>Lets a process that ends with its input do so.</summary>
    public void CloseInput() => _process?.CloseInput();

    public int? ProcessId => _process?.Id;

    public void Dispose()
    {
        _process?.Kill();
        _process?.Dispose();
        _inside?.Commands.Writer.TryWrite(["leave", ""]);
    }
}

/// <summary>A measurement that could not be made.</summary>
internal sealed class BenchFailure(string message, string log) : Exception(message)
{
    public string Log { get; } = log;
}
