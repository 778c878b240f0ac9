#if MUTANTS
using GroupComm.Core;

namespace GroupComm.Runtime.Node;

/// <summary>The broken rule of every node of this process. Only a build with <c>-p:Mutants=true</c> has this type (decision 0037).</summary>
internal static class MutantRules
{
    public static ProtocolRules Chosen { get; set; } = ProtocolRules.Correct;
}
#endif
