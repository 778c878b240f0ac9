using System.CommandLine;
using GroupComm.Daemon.CommandLine;
using GroupComm.Testing.Laws;

namespace GroupComm.Daemon.Check;

/// <summary><c>groupcomm check FILE…</c>: the verdict over trace files of real runs.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("FILE") { Description = "Trace files, one per process; harness.jsonl may be among them.", Arity = ArgumentArity.OneOrMore };
        var json = new Option<bool>("--json") { Description = "One JSON object for scripts." };
        var command = new ExampledCommand("check", "Judges trace files by the laws of virtual synchrony: exit 0, or 1 with the first violation explained.",
            "groupcomm check traces/*.jsonl")
        {
            files,
            json,
        };
        command.SetAction(parsed =>
        {
            InvocationConfiguration to = parsed.InvocationConfiguration;
            return TraceCheck.Run(parsed.GetRequiredValue(files), to.Output, to.Error, parsed.GetValue(json));
        });
        return command;
    }
}
