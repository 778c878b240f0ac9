using System;
using System.Threading;
using System.Threading.Tasks;
using Xunit;
using static GroupComm.Runtime.Tests.TestCluster;

namespace GroupComm.Runtime.Tests;

/// <summary>Waits for what comes true on another thread without a signal.</summary>
internal static class Until
{
    public static async Task TrueAsync(Func<bool> condition)
    {
        using PeriodicTimer look = new(TimeSpan.FromMilliseconds(10));
        for (long began = Environment.TickCount64; !condition(); await look.WaitForNextTickAsync(Ct))
            Assert.True(Environment.TickCount64 - began < Limit.TotalMilliseconds, "the condition did not come true in time");
    }
}
