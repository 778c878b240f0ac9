using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace GroupComm.Core.Tests.Rules;

/// <summary>Where the switches of <see cref="ProtocolRules"/> are named, in source text and in compiled assemblies.</summary>
internal static class RuleMentions
{
    private static readonly string[] Switches = typeof(ProtocolRules).GetProperties().Where(static p => p.PropertyType == typeof(bool)).Select(static p => p.Name).ToArray();

    private static readonly Regex Named = new($@"\b({string.Join('|', Switches)})\b|\bRules\s*=[^=>]|\bProtocolRules\b(?!\.Correct\b)");

    /// <summary>Mentions in a source text, other than of the correct rules.</summary>
    public static IEnumerable<string> InSource(string text) => Named.Matches(text).Select(static match => match.Value);

    /// <summary>What a normal build compiles of a text: without what stands between <c>#if MUTANTS</c> and its <c>#endif</c>.
    /// A nested or negated condition, or an <c>#else</c>, is none of the forms that are let through.</summary>
    public static string InNormalBuild(string text) => MutantBlock.Replace(text, "");

    private static readonly Regex MutantBlock = new(@"^[ \t]*#if MUTANTS\r?\n(?:(?![ \t]*#).*\n)*[ \t]*#endif[ \t]*(?:\r?\n|\z)", RegexOptions.Multiline);

    /// <summary>Members of the type that an assembly refers to.</summary>
    public static IEnumerable<string> InAssembly(string path)
    {
        using var file = new PEReader(File.OpenRead(path));
        MetadataReader reader = file.GetMetadataReader();
        var mentions = new List<string>();
        foreach (MemberReferenceHandle handle in reader.MemberReferences)
        {
            MemberReference member = reader.GetMemberReference(handle);
            string name = reader.GetString(member.Name);
            if (member.Parent.Kind == HandleKind.TypeReference
                && reader.GetString(reader.GetTypeReference((TypeReferenceHandle)member.Parent).Name) is string type
                && (type == nameof(ProtocolRules) || (type == nameof(CoreOptions) && name == "set_Rules")))
                mentions.Add($"{type}.{name}");
        }
        return mentions;
    }
}
