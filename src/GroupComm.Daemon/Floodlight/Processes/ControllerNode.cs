using System;
using System.CommandLine;
using System.Threading.Tasks;
using GroupComm.Daemon.Children;
using GroupComm.Daemon.Floodlight.Controllers;

namespace GroupComm.Daemon.Floodlight.Processes;

/// <summary>The hidden command under which the executable starts itself as one controller of a show.</summary>
internal static class ControllerNode
{
    public const string CommandName = "floodlight-node";

    /// <summary>Of a machine that is gone. What the simulator's silence is, so many times slower.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(2);

    public static Command Create()
    {
        var name = new Option<string>("--name") { Required = true };
        var cluster = new Option<string>("--cluster") { Required = true };
        var expected = new Option<int>("--expected-nodes") { Required = true };
        var approach = new Option<string>("--approach") { Required = true };
        var command = new Command(CommandName, "A child of floodlight --show.") { name, cluster, expected, approach };
        command.Hidden = true;
        command.SetAction((parsed, _) => RunAsync(
            parsed.GetRequiredValue(name), parsed.GetRequiredValue(cluster), parsed.GetValue(expected), Approach.Find(parsed.GetRequiredValue(approach))));
        return command;
    }

    private static Task<int> RunAsync(string name, string cluster, int expected, Approach approach)
    {
        var control = new Control();
        return ChildStart.GuardAsync(control, async () =>
        {
            IGroupCommNode node = await ChildStart.NodeAsync(control, name, cluster, expected, trace: null, Silence).ConfigureAwait(false);
            Task views = TellViewsAsync(control, node);
            await node.WaitForPrimaryAsync().ConfigureAwait(false);
            var room = new ProcessRoom(control, node);
            await room.StartAsync(approach.Make(room)).ConfigureAwait(false);
            control.Say("joined", name);
            await room.ListenAsync().ConfigureAwait(false);
            await views.ConfigureAwait(false);
        });
    }

    private static async Task TellViewsAsync(Control control, IGroupCommNode node)
    {
        await foreach (View view in node.ReadViewsAsync().ConfigureAwait(false))
            control.Say("view", PipeText.Of(view.Members.Count));
    }
}
