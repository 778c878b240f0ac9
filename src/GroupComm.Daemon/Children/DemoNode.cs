using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Daemon.Children;

/// <summary>What a node of the demo is told on its command line. It sends every <c>Expected</c>-th line from <c>Place</c> on:
/// <c>Messages</c> of them at <c>Rate</c> a second (0: as fast as they are admitted), then a thousand a second until it is
/// told to finish.</summary>
internal sealed record DemoNodePlan(
    string Name, string Cluster, int Expected, DeliveryOrder Order, string? Input, int Place, int Messages, int Rate, string Trace);

/// <summary>One node of the demo: joins the group, sends lines, digests what is delivered, reports to its parent.</summary>
internal sealed class DemoNode(DemoNodePlan plan)
{
    private const int AfterwardsPerSecond = 1000;
    private const int AnswerEvery = 8;

    private readonly Control _control = new();
    private readonly DeliveryDigest _digest = new();
    private readonly EndMarks _ends = new();
    private readonly Lock _sending = new();
    private long _sent;
    private long _delivered;

    public Task<int> RunAsync() => ChildStart.GuardAsync(_control, async () =>
    {
        IGroupCommNode node = await ChildStart.NodeAsync(_control, plan.Name, plan.Cluster, plan.Expected, plan.Trace).ConfigureAwait(false);
        Task views = ReportViewsAsync(node);
        await node.WaitForPrimaryAsync().ConfigureAwait(false);
        IGroup group = await node.JoinAsync("demo", g => g
            .RegisterBytes((line, context, _) =>
            {
                _digest.Add(context, line);
                Count();
                return plan.Order == DeliveryOrder.Causal && context.Id.Sequence % AnswerEvery == plan.Place % AnswerEvery && context.SenderNode != node.Id
                    ? AnswerAsync(context)
                    : ValueTask.CompletedTask;
            })
            .Register<DemoAnswer>((answer, context, _) =>
            {
                _digest.Add(context, answer.Text);
                Count();
                return ValueTask.CompletedTask;
            })
            .Register<DemoEnd>((_, context, _) =>
            {
                _ends.Ended(context.SenderNode);
                return ValueTask.CompletedTask;
            })
            .RegisterState(_digest.State.CaptureAsync, RestoreAsync)
            .OnView(OnView)).ConfigureAwait(false);
        _control.Say("joined", group.Self.ToString());
        await _control.Heard("go").ConfigureAwait(false);
        await SendAsync(node, group).ConfigureAwait(false);
        await _ends.All.ConfigureAwait(false);
        Report();
        foreach ((GroupViewId view, ViewDigest digest) in _digest.Views)
            _control.Say("digest", view.ToString(), Inv(digest.Count), digest.Sequence.ToString("x16", CultureInfo.InvariantCulture), digest.Set.ToString("x16", CultureInfo.InvariantCulture));
        foreach ((GroupViewId view, long count, ulong sequence, ulong set) in _digest.State.Points)
            _control.Say("state", view.ToString(), Inv(count), sequence.ToString("x16", CultureInfo.InvariantCulture), set.ToString("x16", CultureInfo.InvariantCulture));
        _control.Say("done");
        await _control.Heard("leave").ConfigureAwait(false);
        await node.LeaveAsync().ConfigureAwait(false);
        await views.ConfigureAwait(false);
    });

    private async Task RestoreAsync(Stream stream, CancellationToken ct)
    {
        await _digest.State.RestoreAsync(stream, ct).ConfigureAwait(false);
        _control.Say("restored", Inv(_digest.State.Whole.Count));
    }

    private ValueTask OnView(GroupView view, CancellationToken ct)
    {
        _digest.Begin(view.Id);
        _ends.Members(view.Members.Select(member => member.Node));
        _control.Say("groupview", Inv(Stopwatch.GetTimestamp()), view.Id.ToString(), Names(view.Members.Select(member => member.Node)), Field(view.Reason));
        return ValueTask.CompletedTask;
    }

    private async Task SendAsync(IGroupCommNode node, IGroup group)
    {
        using var lines = new LineSource(plan.Input);
        Task finish = _control.Heard("finish");
        int step = Math.Max(1, plan.Messages / 100);
        var pace = new Pace(plan.Rate);
        for (int i = 0; i < plan.Place; i++)
            lines.Next();
        while (!finish.IsCompleted)
        {
            if (!pace.TryTake())
            {
                await Pace.WaitAsync().ConfigureAwait(false);
                continue;
            }
            ReadOnlyMemory<byte> line = lines.Next();
            SendReceipt receipt = await SendOneAsync(node, () => group.SendBytesAsync(line, plan.Order)).ConfigureAwait(false);
            for (int i = 1; i < plan.Expected; i++)
                lines.Next();
            if (++_sent % step == 0)
            {
                Report();
                _ = ReportSafeAsync(receipt);
            }
            if (_sent == plan.Messages)
                pace = new Pace(AfterwardsPerSecond);
        }
        Task<SendReceipt> end;
        lock (_sending)
        {
            _ends.Stopped = true;
            end = SendOneAsync(node, () => group.SendAsync(new DemoEnd(plan.Name), plan.Order));
        }
        await end.ConfigureAwait(false);
    }

    /// <summary>Sends until it is admitted: what was refused has no number and was not sent.</summary>
    private static async Task<SendReceipt> SendOneAsync(IGroupCommNode node, Func<ValueTask<SendReceipt>> send)
    {
        while (true)
        {
            try
            {
                return await send().ConfigureAwait(false);
            }
            catch (Exception e) when (e is NotPrimaryException or ViewClosedException)
            {
                await node.WaitForPrimaryAsync().ConfigureAwait(false);
            }
        }
    }

    private ValueTask AnswerAsync(MessageContext context)
    {
        lock (_sending)
        {
            if (_ends.Stopped)
                return ValueTask.CompletedTask;
            ValueTask<SendReceipt> sent = context.SendAsync(new DemoAnswer($"{plan.Name} has seen {context.Id}"), DeliveryOrder.Causal);
            return sent.IsCompletedSuccessfully ? ValueTask.CompletedTask : AdmittedAsync(sent);
        }

        static async ValueTask AdmittedAsync(ValueTask<SendReceipt> sent) => await sent.ConfigureAwait(false);
    }

    private async Task ReportSafeAsync(SendReceipt receipt)
    {
        try
        {
            await receipt.Safe.ConfigureAwait(false);
            _control.Say("safe", Inv(receipt.Id.View), Inv(receipt.Id.Sequence));
        }
        catch (OutcomeUnknownException)
        {
            // Promised nothing.
        }
    }

    private async Task ReportViewsAsync(IGroupCommNode node)
    {
        await foreach (View view in node.ReadViewsAsync().ConfigureAwait(false))
            _control.Say(
                "view", Inv(Stopwatch.GetTimestamp()), Inv(view.Id), Names(view.Members.Select(member => member.Id)),
                Field(string.Join(", ", view.Departed.Select(departed => $"{departed.Id.Name} left: {departed.Reason}"))));
    }

    private void Count() => Volatile.Write(ref _delivered, _delivered + 1);

    private void Report() => _control.Say("sent", Inv(_sent), Inv(Volatile.Read(ref _delivered)));

    private static string Names(IEnumerable<NodeId> nodes) => string.Join(' ', nodes.Select(node => node.Name));

    private static string Field(string text) => text.ReplaceLineEndings(" ").Replace('\t', ' ');

    private static string Inv(long value) => value.ToString(CultureInfo.InvariantCulture);
}
