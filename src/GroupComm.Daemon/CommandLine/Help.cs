using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Linq;

namespace GroupComm.Daemon.CommandLine;

/// <summary>A command with examples, which its own help shows and the list of all commands does not.</summary>
internal sealed class ExampledCommand(string name, string description, params string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples => examples;
}

/// <summary>Puts examples into help.</summary>
internal static class Help
{
    public static void Complete(Command command)
    {
        if (command is ExampledCommand { Examples: var examples })
            command.Description += Of(examples);
    }

    public static string Of(IReadOnlyList<string> examples) =>
        Environment.NewLine + Environment.NewLine + (examples.Count == 1 ? "Example:" : "Examples:")
        + string.Concat(examples.Select(line => Environment.NewLine + "  " + line));
}
