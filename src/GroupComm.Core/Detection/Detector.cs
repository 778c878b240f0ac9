using System;

namespace GroupComm.Core.Detection;

/// <summary>
/// Who is suspected, and why: silence beyond the limit, a process that is gone, or a foreign suspicion. A suspicion is an
/// opinion: it ends when the member is heard again. Rows of the others come with their heartbeats.
/// </summary>
internal sealed class Detector
{
    private readonly int _self;
    private readonly long[] _heard;
    private readonly string?[] _reason;
    private readonly ulong[] _rows;
    private readonly Pace[] _pace;
    private readonly long[] _missedSince; // per (member, other): since when the member says that it does not hear the other; -1: it does
    private readonly long _grace;
    private ulong _silent; // suspected for silence alone

    /// <param name="ranks">Members of the view.</param>
    /// <param name="self">The own rank.</param>
    /// <param name="now">The time of the install.</param>
    /// <param name="grace">How long a member must say that it does not hear another before this node believes it: a word from
    /// before a heal is followed by a better one.</param>
    public Detector(int ranks, int self, long now, long grace = 0)
    {
        _self = self;
        _grace = grace;
        _missedSince = new long[ranks * ranks];
        Array.Fill(_missedSince, -1);
        _heard = new long[ranks];
        _reason = new string?[ranks];
        _rows = new ulong[ranks];
        _pace = new Pace[ranks];
        All = ranks == 64 ? ulong.MaxValue : (1UL << ranks) - 1;
        Array.Fill(_heard, now);
        Array.Fill(_rows, All);
    }

    public ulong All { get; }

    /// <summary>The members that are not suspected, this node among them.</summary>
    public ulong Hears { get; private set; } = ulong.MaxValue;

    public ulong Suspected => All & ~Hears;

    public string? Reason(int rank) => _reason[rank];

    public bool IsSuspected(int rank) => _reason[rank] is not null;

    /// <summary>A frame came from the member. Answers whether that ended a suspicion.</summary>
    public bool Heard(int rank, long now)
    {
        _heard[rank] = now;
        if (_reason[rank] is null)
            return false;
        _reason[rank] = null;
        _silent &= ~(1UL << rank);
        Hears |= 1UL << rank;
        return true;
    }

    /// <summary>A heartbeat came: the next one is expected at the member's own pace.</summary>
    public void Beat(int rank, long now) => _pace[rank].Beat(now);

    /// <summary>How long the member may be silent before it is suspected.</summary>
    public long Limit(int rank, long floor, long ceiling) => _pace[rank].Limit(floor, ceiling);

    /// <summary>What was learned of the member in the view before is still true; the interval under way is not its own.</summary>
    public void TakeOver(int rank, Detector before, int rankBefore)
    {
        _pace[rank] = before._pace[rankBefore];
        _pace[rank].Skip();
    }

    /// <summary>Answers whether the suspicion is new.</summary>
    /// <param name="rank">Of whom.</param>
    /// <param name="reason">Why, for people.</param>
    /// <param name="silent">Nothing but silence speaks against the member: others may well hear it.</param>
    public bool Suspect(int rank, string reason, bool silent = false)
    {
        if (rank == _self || _reason[rank] is not null)
            return false;
        if (silent)
            _silent |= 1UL << rank;
        _reason[rank] = reason;
        Hears &= ~(1UL << rank);
        return true;
    }

    /// <summary>How long nothing was heard of the member.</summary>
    public long Silence(int rank, long now) => rank == _self ? 0 : now - _heard[rank];

    /// <summary>The members of whom something was heard within that time, suspected or not, and this node.</summary>
    public ulong HeardWithin(long time, long now)
    {
        ulong heard = 0;
        for (int i = 0; i < _heard.Length; i++)
            if (Silence(i, now) <= time)
                heard |= 1UL << i;
        return heard;
    }

    /// <summary>P18: after an own pause the readings say nothing about the others.</summary>
    public void Renew(long now)
    {
        for (int i = 0; i < _heard.Length; i++)
        {
            _heard[i] = Math.Max(_heard[i], now);
            _pace[i].Skip();
        }
    }

    public void SetRow(int rank, ulong hears, long now)
    {
        _rows[rank] = hears & All;
        int n = _heard.Length;
        for (int other = 0; other < n; other++)
        {
            ref long since = ref _missedSince[(rank * n) + other];
            if ((hears >> other & 1) != 0)
                since = -1;
            else if (since < 0)
                since = now;
        }
    }

    /// <summary>Whether one of the set has said of another that it does not hear it, and the word is too young to be believed.</summary>
    public bool IsDoubted(ulong set)
    {
        int n = _heard.Length;
        for (int i = 0; i < n; i++)
            for (int j = 0; j < n; j++)
                if (i != _self && (set >> i & set >> j & 1) != 0 && _missedSince[(i * n) + j] >= 0)
                    return true;
        return false;
    }

    /// <summary>Whom <paramref name="rank"/> does not hear, by its last word.</summary>
    public ulong NotHeardBy(int rank) => All & ~_rows[rank];

    /// <summary>Whether one of the two does not hear the other, by the last words.</summary>
    public bool IsBroken(int left, int right)
    {
        ulong a = left == _self ? Hears : _rows[left], b = right == _self ? Hears : _rows[right];
        return (a >> right & b >> left & 1) == 0;
    }

    /// <summary>Best set among those whom this node hears, by everybody's last word.</summary>
    public ulong Best(Func<ulong, bool> isQuorum, long now) => Find(isQuorum, Hears & All, now);

    /// <summary>The same with those who are silent towards this node alone: the others may have a better set without it.</summary>
    public ulong BestOfAll(Func<ulong, bool> isQuorum, long now) => Find(isQuorum, (Hears & All) | _silent, now);

    private ulong Find(Func<ulong, bool> isQuorum, ulong candidates, long now)
    {
        int n = _heard.Length;
        Span<ulong> rows = stackalloc ulong[n];
        for (int i = 0; i < n; i++)
        {
            rows[i] = All;
            for (int j = 0; j < n; j++)
            {
                // That somebody else hears the silent one must stand without a doubt.
                long grace = ((_silent >> i | _silent >> j) & 1) != 0 ? 0 : _grace;
                if (_missedSince[(i * n) + j] is >= 0 and long since && now - since >= grace)
                    rows[i] &= ~(1UL << j);
            }
        }
        rows[_self] = Hears & All;
        return BestSet.Find(rows, candidates, isQuorum);
    }
}
