#if MUTANTS
using System;
using System.CommandLine;
using GroupComm.Core;
using GroupComm.Daemon.CommandLine;
using GroupComm.Runtime.Node;
using GroupComm.Testing.Simulation;

namespace GroupComm.Daemon.Serve;

/// <summary>
/// <c>serve --mutant NAME</c>: a node that breaks one rule on purpose, to see that the tests with containers notice. Only a
/// build with <c>-p:Mutants=true</c> has it, and it says so at every start (decision 0037).
/// </summary>
internal static class MutantOption
{
    public static Option<string> Create() => new("--mutant")
    {
        Description = "Breaks that rule of the protocol ('simulate --list-mutants' names them). This build is for trials of the tests only.",
        HelpName = "NAME",
        DefaultValueFactory = _ => ProtocolRules.Correct.Name,
    };

    public static void Choose(string name)
    {
        if (!Mutants.TryFind(name, out ProtocolRules rules))
            throw new UsageException($"--mutant '{name}' is unknown: 'groupcomm simulate --list-mutants' names them");
        MutantRules.Chosen = rules;
        Console.Error.WriteLine($"MUTANT BUILD, NOT FOR USE: this node runs with the rule '{name}' broken ('none' is the protocol)");
    }
}
#endif
