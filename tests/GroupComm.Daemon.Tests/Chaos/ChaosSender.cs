using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Tests.Chaos;

/// <summary>Multicasts through one daemon; breaks some requests off and repeats them with the same key.</summary>
internal sealed class ChaosSender(string name, ChaosDaemon daemon, Random random)
{
    private static readonly string[] s_orders = ["fifo", "causal", "agreed", "safe"];

    /// <summary>What was answered with 200, and whether it is safe: held by more than half, whatever happens to this daemon.</summary>
    public List<(string Text, bool Safe)> Confirmed { get; } = [];

    public int Repeated { get; private set; }

    public async Task RunAsync(CancellationToken stop)
    {
        for (int number = 1; !stop.IsCancellationRequested; number++)
        {
            int life = daemon.Life;
            string text = $"{name}-{number}", order = s_orders[random.Next(4)];
            bool safe = random.Next(2) == 0;
            // Until it is known; not beyond the life of the daemon, which alone knows the key.
            for (bool known = false; !known && daemon.Life == life;)
                known = await TryAsync(text, order, safe);
            await Task.Delay(random.Next(20, 120), CancellationToken.None);
        }
    }

    private async Task<bool> TryAsync(string text, string order, bool safe)
    {
        try
        {
            using var limit = new CancellationTokenSource(random.Next(5) == 0 ? random.Next(1, 10) : 10_000);
            using HttpRequestMessage request = new(HttpMethod.Post, $"/v1/groups/chaos/messages?order={order}&wait={(safe ? "safe" : "delivered")}") { Content = new StringContent(text) };
            request.Headers.Add("Idempotency-Key", text);
            using HttpResponseMessage answer = await daemon.Http.SendAsync(request, limit.Token);
            if ((int)answer.StatusCode == 200)
                Confirmed.Add((text, safe));
            if ((int)answer.StatusCode is 200 or 504)
                return true;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException)
        {
            // Broken off, or the daemon is gone: the outcome is unknown.
        }
        Repeated++;
        await Task.Delay(20);
        return false;
    }
}
