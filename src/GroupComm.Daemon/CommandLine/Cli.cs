using System;
using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.IO;
using GroupComm.Core;
using GroupComm.Daemon.Availability;
using GroupComm.Daemon.Bench;
using GroupComm.Daemon.Bench.Nodes;
using GroupComm.Daemon.Cert;
using GroupComm.Daemon.Check;
using GroupComm.Daemon.Children;
using GroupComm.Daemon.Clients;
using GroupComm.Daemon.Demo;
using GroupComm.Daemon.Explore;
using GroupComm.Daemon.Floodlight;
using GroupComm.Daemon.Floodlight.Processes;
using GroupComm.Daemon.Latency;
using GroupComm.Daemon.Serve;
using GroupComm.Daemon.Simulate;
using GroupComm.Runtime.Links;

namespace GroupComm.Daemon.CommandLine;

/// <summary>The whole command line. Errors are one line on stderr and an exit code; nobody is shown a stack trace.</summary>
internal static class Cli
{
    public static int Run(string[] args, TextWriter output, TextWriter error)
    {
        ParseResult parsed = Root(args).Parse(args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
        if (parsed.Action is null or ParseErrorAction)
        {
            error.WriteLine(UsageLine(parsed, args));
            return Exit.Usage;
        }
        Help.Complete(parsed.CommandResult.Command);
        try
        {
            return parsed.Invoke(new InvocationConfiguration
            {
                Output = output,
                Error = error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null, // commands that need it handle signals themselves
            });
        }
        catch (Exception failure)
        {
            (int code, string text) = Explain(failure);
            error.WriteLine($"{Path(parsed)}: {OneLine(text)}");
            return code;
        }
    }

    private static RootCommand Root(string[] args)
    {
        if (args is ["serve", ..])
            return new RootCommand { ServeCommand.Create() }; // runs for long: what the other commands need is not even loaded
        RootCommand root = Bare();
        foreach (Command client in ClientCommands.Create())
            root.Add(client);
        return root;
    }

    private static RootCommand Bare() => new(
        "Virtual synchrony for a set of processes: demo, sidecar daemon, simulator, checker of traces."
        + Help.Of(["groupcomm demo", "groupcomm demo --nodes 5 --order causal", "groupcomm simulate --seeds 1..1000"]))
    {
        DemoCommand.Create(),
        ServeCommand.Create(),
        CheckCommand.Create(),
        SimulateCommand.Create(),
        ExploreCommand.Create(),
        BenchCommand.Create(),
        FloodlightCommand.Create(),
        AvailabilityCommand.Create(),
        LatencyCommand.Create(),
        CertCommand.Create(),
        ChildCommands.DemoNode(),
        ChildCommands.BurstNode(),
        ControllerNode.Create(),
        BenchChildren.Node(),
        BenchChildren.Raw(),
        BenchChildren.Ping(),
    };

    private static (int Code, string Text) Explain(Exception failure) => failure switch
    {
        UsageException => (Exit.Usage, failure.Message),
        DaemonException daemon => (daemon.Exit, failure.Message),
        JoinException { Step: JoinStep.Options } => (Exit.Usage, failure.Message),
        JoinException join => (Exit.Join, $"could not join ({JoinObstacle.NameOf(join.Step)}): {join.Message}"),
        ExcludedException => (Exit.Excluded, failure.Message),
        OperationCanceledException => (Exit.Interrupted, "interrupted"),
        IOException or UnauthorizedAccessException => (Exit.Usage, failure.Message),
        InvariantException => (Exit.Broken, $"a rule that must always hold was broken, please report it: {failure.Message}"),
        _ => (Exit.Broken, $"failed unexpectedly, please report it: {failure.GetType().Name}: {failure.Message}"),
    };

    private static string UsageLine(ParseResult parsed, string[] args)
    {
        if (args.Length == 0)
            return "groupcomm: name a command, for example 'groupcomm demo'; 'groupcomm --help' lists them";
        string command = Path(parsed);
        string what = parsed.Errors.Count > 0 ? parsed.Errors[0].Message : "nothing to do";
        // Of "x is unknown" and "a command is missing" only the first helps.
        foreach (var each in parsed.Errors)
            if (parsed.UnmatchedTokens.Count > 0 && each.Message.Contains(parsed.UnmatchedTokens[0], StringComparison.Ordinal))
                what = $"'{parsed.UnmatchedTokens[0]}' is no {(parsed.UnmatchedTokens[0].StartsWith('-') ? "option" : "command or argument")} of {command}";
        what = what.Replace("as expected type 'System.Int32'", "as a number", StringComparison.Ordinal).Replace("as expected type 'System.Nullable`1[System.Int32]'", "as a number", StringComparison.Ordinal);
        return OneLine($"{command}: {what.TrimEnd('.')}; see '{command} --help'");
    }

    /// <summary>As it was written, for example <c>groupcomm cert issue</c>.</summary>
    private static string Path(ParseResult parsed)
    {
        string path = "";
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult { Command: not RootCommand } command; at = at.Parent)
            path = $" {command.Command.Name}{path}";
        return "groupcomm" + path;
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
