using System.Threading;

namespace GroupComm.Client.Groups;

/// <summary>Which member's handler the running code belongs to, wherever it awaits.</summary>
internal static class HandlerScope
{
    private static readonly AsyncLocal<ClientGroup?> s_running = new();

    public static ClientGroup? Current { get => s_running.Value; set => s_running.Value = value; }
}
