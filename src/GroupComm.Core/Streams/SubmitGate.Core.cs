using System;
using System.Collections.Generic;

namespace GroupComm.Core.Streams;

// The core's side of the gate.
internal partial class SubmitGate
{
    /// <summary>A view was installed: the stream starts anew. Unconsumed bytes of the old view still count.</summary>
    public void OpenView(ViewKey view)
    {
        Enter();
        _view = view;
        _next = 1;
        _isOpen = true;
        _primary = true;
        Opened();
        Exit();
    }

    /// <summary>
    /// Takes what was filled. The next <paramref name="reserve"/> sequences belong to the core, which gets the first of
    /// them; <paramref name="hold"/> names a group whose submits wait from here on.
    /// </summary>
    public long Take(List<Fill> into, int reserve = 0, int hold = 0)
    {
        if (reserve == 0 && hold == 0 && !HasFilled)
            return 0;
        Enter();
        CloseFill();
        into.AddRange(_filled);
        _filled.Clear();
        long first = _next;
        _next += reserve;
        if (hold != 0 && _groups.TryGetValue(hold, out GroupGate gate))
        {
            gate.Held = true;
            _groups[hold] = gate;
        }
        Exit();
        return first;
    }

    /// <summary>The view is wedged: takes the last fills of it; submits wait from here on.</summary>
    public void CloseView(List<Fill> into)
    {
        Enter();
        CloseFill();
        into.AddRange(_filled);
        _filled.Clear();
        _isOpen = false;
        Exit();
    }

    /// <summary>The group has a new view: submits to it carry its number. <paramref name="own"/> are the slots of this node's
    /// members in it: what waits to be sent by another is refused (VS-3). Null leaves that unchecked.</summary>
    public void OpenGroup(int group, long view, bool stampFirst, int[]? own = null)
    {
        Enter();
        _groups[group] = new GroupGate { View = view, StampNext = stampFirst, Own = own };
        Opened();
        Exit();
    }

    public void RemoveGroup(int group)
    {
        Enter();
        _groups.Remove(group);
        Opened();
        Exit();
    }

    /// <summary>The view's groups are unknown until the table is installed.</summary>
    public void ClearGroups()
    {
        Enter();
        _groups.Clear();
        Exit();
    }

    /// <summary>The slowest member has consumed so many bytes more.</summary>
    public void Credit(long bytes)
    {
        if (bytes == 0)
            return;
        Enter();
        Unconsumed -= bytes;
        _oversize = Math.Max(0, _oversize - bytes); // it was alone: it is what is consumed first
        Opened();
        Exit();
    }

    /// <summary>Whether a quorum of the view is heard; if not, submits fail with the reason.</summary>
    public void SetPrimary(bool primary, string reason)
    {
        Enter();
        _primary = primary;
        _reason = reason;
        Opened();
        Exit();
    }

    /// <summary>The node was excluded or left: nothing is admitted any more.</summary>
    public void End(string reason)
    {
        Enter();
        _ended = true;
        _isOpen = false;
        _reason = reason;
        Opened();
        Exit();
    }
}
