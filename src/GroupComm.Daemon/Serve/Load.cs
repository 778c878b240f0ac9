using System;
using System.Globalization;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Children;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Serve;

/// <summary>
/// Traffic of a node's own, for trials of a network and of this library: it joins a group, says nothing about what it is given,
/// and multicasts so many texts a second until it is told to stop.
/// </summary>
internal sealed record Load(string Group, int PerSecond, DeliveryOrder Order, LoadOptions Options)
{
    public const int Most = 100_000;

    public static Load Parse(string text)
    {
        string[] parts = text.Split(':');
        if (parts.Length < 2 || parts[0].Length == 0)
            throw new UsageException($"--load '{text}' is not GROUP:RATE or GROUP:RATE:ORDER, for example stock:100:agreed");
        if (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int rate) || rate is < 1 or > Most)
            throw new UsageException($"--load '{text}': the rate is a number of messages a second, 1 to {Most}");
        bool ordered = parts.Length > 2 && !parts[2].Contains('=', StringComparison.Ordinal);
        int order = ordered ? Array.IndexOf(Orders.Names, parts[2]) : (int)DeliveryOrder.Agreed - 1;
        if (order < 0)
            throw new UsageException($"--load '{text}': the order '{parts[2]}' is unknown: use one of {string.Join(", ", Orders.Names)}");
        return new Load(parts[0], rate, (DeliveryOrder)(order + 1), LoadOptions.Parse(text, parts[(ordered ? 3 : 2)..]));
    }

    public async Task RunAsync(IGroupCommNode node, CancellationToken stop)
    {
        Task garbage = Options.GarbageMiB > 0 ? Task.Run(() => LoadGarbage.MakeAsync(Options.GarbageMiB, stop), CancellationToken.None) : Task.CompletedTask;
        try
        {
            await node.WaitForPrimaryAsync(stop).ConfigureAwait(false);
            IGroup group = await node.JoinAsync(Group, Register, stop).ConfigureAwait(false);
            var pace = new Pace(PerSecond);
            for (long number = 1; !stop.IsCancellationRequested && group.Status != GroupStatus.Left;)
            {
                if (!pace.TryTake())
                    await Pace.WaitAsync().ConfigureAwait(false);
                else if (await SentAsync(node, group, number, stop).ConfigureAwait(false))
                    number++;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop while it waited.
        }
        await garbage.ConfigureAwait(false);
    }

    private void Register(IGroupBuilder group)
    {
        LoadState? state = Options.StateMiB > 0 ? new LoadState(Options) : null;
        if (state is not null)
            group.RegisterState(state.CaptureAsync, state.RestoreAsync);
        if (Options.PatienceMs > 0)
            group.Options.SlowConsumerTimeout = TimeSpan.FromMilliseconds(Options.PatienceMs);
        group.RegisterBytes((payload, _, ct) =>
        {
            state?.Add(payload);
            return Options.HandlerMs == 0 ? ValueTask.CompletedTask : new ValueTask(Task.Delay(Options.HandlerMs, ct));
        });
    }

    /// <summary>False: refused, so it has no number and was not sent; the node is primary again now, or its member is no longer one.</summary>
    private async ValueTask<bool> SentAsync(IGroupCommNode node, IGroup group, long number, CancellationToken stop)
    {
        try
        {
            string text = string.Create(CultureInfo.InvariantCulture, $"{number} of {node.Id}");
            await group.SendBytesAsync(Encoding.UTF8.GetBytes(text.PadRight(Options.Bytes, '.')), Order, stop).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is NotPrimaryException or ViewClosedException)
        {
            await node.WaitForPrimaryAsync(stop).ConfigureAwait(false);
            return false;
        }
        catch (Exception e) when (group.Status == GroupStatus.Left && e is not OperationCanceledException)
        {
            return false; // removed as a slow consumer: the node goes on without traffic of its own
        }
    }
}
