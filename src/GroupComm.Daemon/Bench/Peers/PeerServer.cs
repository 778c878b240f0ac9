using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Bench.Crew;

namespace GroupComm.Daemon.Bench.Peers;

/// <summary>The broker or the daemons of a system, which the nodes talk to; they end with the input of their script.</summary>
internal sealed class PeerServer : IDisposable
{
    private readonly CrewMember _script;
    private readonly List<Process> _processes;

    private PeerServer(CrewMember script, string address, List<Process> processes) => (_script, Address, _processes) = (script, address, processes);

    public string Address { get; }

    /// <summary>Processor µs so far: what a broker uses is part of what a delivery costs.</summary>
    public long CpuMicros => _processes.Sum(each =>
    {
        each.Refresh();
        return (long)each.TotalProcessorTime.TotalMicroseconds;
    });

    /// <summary>Resident bytes of the largest process.</summary>
    public long Rss => _processes.Select(each => each.WorkingSet64).DefaultIfEmpty().Max();

    public static async Task<PeerServer> StartAsync(string system, int nodes, CancellationToken ct)
    {
        CrewMember script = CrewMember.Process($"the server of {system}", PeerScript.Server(system, nodes));
        try
        {
            string[] said = await script.HearAsync("listening", ct).ConfigureAwait(false);
            return new PeerServer(script, said[1], [.. said.Skip(2).Select(each => Process.GetProcessById(int.Parse(each, CultureInfo.InvariantCulture)))]);
        }
        catch
        {
            script.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _script.CloseInput();
        _script.Dispose();
        foreach (Process process in _processes)
            process.Dispose();
    }
}
