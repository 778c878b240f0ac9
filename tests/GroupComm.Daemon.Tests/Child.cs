using System;
using System.Diagnostics;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Tests;

/// <summary>A process that does not outlive the test that started it, nor does anything that it started itself.</summary>
internal sealed class Child(Process process) : IAsyncDisposable
{
    public Process Process => process;

    public static Child Start(ProcessStartInfo start) => new(Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start"));

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        process.Kill(entireProcessTree: true); // no error when it has ended
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        process.Dispose();
    }
}
