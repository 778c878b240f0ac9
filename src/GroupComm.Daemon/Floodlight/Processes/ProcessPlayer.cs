using System;
using System.Linq;
using System.Runtime.InteropServices;
using GroupComm.Daemon.Demo;
using GroupComm.Daemon.Floodlight.Script;
using GroupComm.Daemon.Floodlight.World;

namespace GroupComm.Daemon.Floodlight.Processes;

/// <summary>A controller's process, as the process with the switches knows it: what it has reported so far.</summary>
internal sealed partial class ProcessPlayer(ProcessStage stage, ChildProcess process, int index) : IPlayer
{
    private const int Stop = 19, Continue = 18; // SIGSTOP, SIGCONT

    public ChildProcess Process => process;

    public string Name => process.Name;

    public int Index => index;

    public string? Address { get; set; }

    public int ViewSize { get; set; }

    /// <summary>Of its latest group view.</summary>
    public FencingToken? Token { get; set; }

    /// <summary>It is the first member of that view.</summary>
    public bool IsMaster { get; set; }

    public bool HasJoined { get; set; }

    /// <summary>Crashed, left, or its machine is gone.</summary>
    public bool IsGone { get; set; }

    /// <summary>The switches know it.</summary>
    public bool Connected { get; set; }

    /// <summary>How many masters had been promoted when it became one.</summary>
    public int Tenure { get; set; }

    /// <summary>What it knows of each switch, bit by version; null: not told yet.</summary>
    public ulong[]? Knows { get; set; }

    public bool Leads => !IsGone && IsMaster && stage.Living.All(other => other.Token is not { } token || !(Token < token));

    public void Report(SwitchReport report) => process.Tell("report", PipeText.Of(report));

    /// <summary>The process stands still: its connections stay open, and it says nothing.</summary>
    public void StandStill() => Send(Stop);

    public void GoOn() => Send(Continue);

    private void Send(int signal)
    {
        if (Signal(process.Id, signal) != 0)
            throw new InvalidOperationException($"{Name} cannot be sent signal {signal}");
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);
}
