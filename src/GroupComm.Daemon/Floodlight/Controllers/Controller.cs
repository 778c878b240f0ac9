using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Floodlight.World;

namespace GroupComm.Daemon.Floodlight.Controllers;

/// <summary>
/// A controller's program: one per process, all in the group <c>control</c>. The first member of the view is the master, the
/// others are its replicas. Every switch reports to all of them.
/// </summary>
internal abstract class Controller(IControlRoom room)
{
    public const string GroupName = "control";

    protected IControlRoom Room => room;

    protected IGroup Group { get; private set; } = null!;

    public GroupView? View { get; private set; }

    public bool IsMaster { get; private set; }

    /// <summary>Reports that it applied although it had applied them before.</summary>
    public int Duplicates { get; protected set; }

    /// <summary>Transactions given up.</summary>
    public int Aborts { get; protected set; }

    public async Task<IGroup> StartAsync() => Group = await room.JoinAsync(group =>
    {
        Configure(group);
        group.OnView(InstallAsync);
    });

    /// <summary>What it counts, it counts from now on.</summary>
    public void CountAnew() => (Duplicates, Aborts) = (0, 0);

    /// <summary>A switch says something. One at a time.</summary>
    public abstract ValueTask OnReportAsync(SwitchReport report);

    /// <summary>Which changes of that switch it knows, bit by version. For the judge.</summary>
    public abstract ulong Knows(int of);

    /// <summary>The replicated state as text; all replicas must have the same.</summary>
    public virtual string Digest() => "";

    protected abstract void Configure(IGroupBuilder group);

    /// <summary>A view was installed. <paramref name="promoted"/>: this controller has just become the master.</summary>
    protected abstract ValueTask OnViewAsync(bool promoted);

    private async ValueTask InstallAsync(GroupView view, CancellationToken ct)
    {
        View = view;
        bool first = view.Members[0] == Group.Self;
        bool promoted = first && !IsMaster;
        IsMaster = first;
        if (promoted)
        {
            room.Note("is the master");
            room.Claims();
        }
        await OnViewAsync(promoted);
    }
}
