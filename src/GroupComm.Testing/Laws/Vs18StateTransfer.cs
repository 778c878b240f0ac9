using System;
using System.Globalization;
using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Laws;

/// <summary>
/// In real traces a digest is that of the transferred bytes, and two donors may write the same state in different bytes: a
/// joiner is compared with the donor that it names. A donor that was killed may have left no line. In simulated runs every
/// member that has state says which, and all of a point are compared.
/// </summary>
internal sealed class Vs18StateTransfer() : Law("VS-18", "state transfer",
    "the state of a joiner at its first group view is that of any old member at that point")
{
    public override void Check(TraceIndex index, Verdict verdict)
    {
        ReadOnlySpan<StateRow> rows = index.States.Rows;
        for (int i = 0; i < rows.Length; i++)
        {
            ref readonly TraceEvent e = ref EventOf(index, rows[i]);
            if (e.Role == StateRole.Donor)
                continue;
            bool given = false, same = false;
            int donor = -1;
            for (int k = 0; k < rows.Length; k++)
            {
                ref readonly TraceEvent other = ref EventOf(index, rows[k]);
                if (k == i || other.GroupNumber != e.GroupNumber || other.Group != e.Group || other.GroupClusterView != e.GroupClusterView || rows[k].Epoch != rows[i].Epoch)
                    continue;
                if (other.Role == StateRole.Donor && e.Role == StateRole.Joiner && (e.Sender < 0 || e.Sender == rows[k].Process))
                    (given, same, donor) = (true, same | other.Hash == e.Hash, k);
                else if (other.Role == StateRole.Member && other.Hash != e.Hash && (k > i || e.Role == StateRole.Joiner))
                    Report(verdict, $"{index.IdOf(rows[i].Process)} had the state {Hex(e.Hash)} at view {e.GroupClusterView}.{e.GroupNumber}, {index.IdOf(rows[k].Process)} had {Hex(other.Hash)}",
                        new EventRef(rows[i].Process, rows[i].Event), new EventRef(rows[k].Process, rows[k].Event));
            }
            if (given && !same)
                Report(verdict, $"{index.IdOf(rows[i].Process)} restored the state {Hex(e.Hash)} at view {e.GroupClusterView}.{e.GroupNumber}, its donor gave another",
                    new EventRef(rows[i].Process, rows[i].Event), new EventRef(rows[donor].Process, rows[donor].Event));
        }
    }

    private static string Hex(ulong digest) => digest.ToString("x16", CultureInfo.InvariantCulture);

    private static ref readonly TraceEvent EventOf(TraceIndex index, in StateRow row) => ref index.History.Processes[row.Process][row.Event];
}
