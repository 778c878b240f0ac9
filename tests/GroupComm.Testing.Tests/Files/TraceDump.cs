using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using GroupComm.Runtime.Tracing;
using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Tests.Files;

/// <summary>Writes a history as the runtime would have written it.</summary>
internal static class TraceDump
{
    public static byte[] Write(History history, ProcessTrace trace)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var w = new TraceWriter(buffer, trace.Id);
        foreach (TraceEvent e in trace.Events)
            Write(history, e, w);
        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(History h, in TraceEvent e, TraceWriter w)
    {
        TraceText group = e.Group < 0 ? default : TraceText.Of(h.GroupName(e.Group));
        TraceText member = e.Member < 0 ? default : TraceText.Of(h.MemberAt(e.Member).Name);
        TraceDetail d = e.Detail < 0 ? new TraceDetail() : h.Detail(e.Detail);
        var gview = new GroupViewId(e.GroupClusterView, e.GroupNumber);
        switch (e.Kind)
        {
            case TraceKind.Start: w.Start(e.T, d.Text, d.Version); break;
            case TraceKind.View: w.View(e.T, e.View, e.Flag, Ids(h, d.Members.ToArray()), Ids(h, d.Transitional.ToArray()), [.. d.Left.Select(l => new TraceLeft(h.Processes[l.Process].Id, l.Reason))], e.Sequence); break;
            case TraceKind.GroupView: w.GroupView(e.T, group, e.View, gview, [.. d.Members.ToArray().Select(m => new MemberId(h.Processes[h.MemberAt(m).Process].Id, h.MemberAt(m).Name))], d.Text, d.Token, h.IsAgreedOnly(e.Group)); break;
            case TraceKind.Send: w.Send(e.T, group, member, e.View, e.Sequence, e.Order, gview, e.Hash); break;
            case TraceKind.Deliver: w.Deliver(e.T, group, member, TraceText.Of(h.Processes[e.Sender].Id), e.MessageView, e.Sequence, e.Order, e.View, gview, e.Position, e.Number, e.Hash); break;
            case TraceKind.Ack: w.Ack(e.T, e.MessageView, e.Sequence, e.Stage switch { TraceStage.Safe => "safe"u8, TraceStage.Durable => "durable"u8, _ => "delivered"u8 }); break;
            case TraceKind.State: w.State(e.T, group, gview, e.Hash, e.Role.ToString().ToLowerInvariant(), e.Sender < 0 ? null : h.Processes[e.Sender].Id); break;
            case TraceKind.Read: w.Read(e.T, group, member, e.Sequence, e.Number, e.Position); break;
            case TraceKind.Primary: w.Primary(e.T, e.Flag, d.Text); break;
            case TraceKind.Excluded: w.Excluded(e.T, e.View, d.Text); break;
            case TraceKind.Leave: w.Leave(e.T, group, member); break;
            case TraceKind.Wedge: w.Wedge(e.T, e.View); break;
            case TraceKind.Suspect: w.Suspect(e.T, h.Processes[e.Sender].Id, d.Text); break;
            case TraceKind.Stop: w.Stop(e.T); break;
        }
    }

    private static NodeId[] Ids(History h, IEnumerable<int> processes) => [.. processes.Select(p => h.Processes[p].Id)];
}
