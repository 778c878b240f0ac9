using System.Diagnostics;
using System.Threading;

namespace GroupComm.Runtime.Delivery;

/// <summary>
/// Which member's handler the running code belongs to, wherever it awaits. Set once per member: pumps run inside a captured
/// context, so that neither a message nor a pump run allocates for it.
/// </summary>
internal static class HandlerScope
{
    private static readonly AsyncLocal<Member?> Running = new();

    public static Member? Current => Running.Value;

    /// <summary>The context of whoever joins, but with <see cref="Current"/> set to this member.</summary>
    public static ExecutionContext Capture(Member member)
    {
        Member? before = Running.Value;
        Running.Value = member;
        (Activity? current, Activity.Current) = (Activity.Current, null); // handlers do not belong to the trace of the join
        ExecutionContext context = ExecutionContext.Capture()
            ?? throw new System.InvalidOperationException("a group cannot be joined while the flow of the execution context is suppressed");
        (Running.Value, Activity.Current) = (before, current);
        return context;
    }
}
