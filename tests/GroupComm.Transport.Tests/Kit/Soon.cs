using System;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Transport.Tests.Kit;

/// <summary>Nothing here waits for time; this only ends a test that hangs.</summary>
internal static class Soon
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>Yields until the condition holds; for counters that have no event.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        using CancellationTokenSource late = new(Limit);
        while (!condition())
        {
            late.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
