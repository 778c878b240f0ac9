using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Xunit;

namespace GroupComm.Analyzers.Tests;

/// <summary>Compiles a source against the contract and answers what the analyzer says of it.</summary>
internal static class Analyzed
{
    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
        MetadataReference.CreateFromFile(typeof(IGroup).Assembly.Location),
    ];

    /// <summary>The body of a handler of an agreed message: <c>change</c>, <c>table</c> (a dictionary) and <c>sorted</c> are at hand.</summary>
    public static Task<string[]> HandlerAsync(string body, string members = "") => SourceAsync($$"""
        class Replica
        {
            Dictionary<string, int> table = new();
            SortedDictionary<string, int> sorted = new();
            {{members}}
            void Configure(IGroupBuilder g) => g.Register<Change>((change, context, ct) => { {{body}} return ValueTask.CompletedTask; });
        }
        """);

    /// <summary>The ids of the warnings, in the order of the source.</summary>
    public static async Task<string[]> SourceAsync(string source)
    {
        string text = $$"""
            using System; using System.Buffers; using System.Collections.Generic; using System.Diagnostics; using System.IO; using System.Linq;
            using System.Threading; using System.Threading.Tasks; using GroupComm;
            {{source}}
            [GroupMessage("change", Order = DeliveryOrder.Agreed)] public record Change(string Key, int Value);
            [GroupMessage("rumour", Order = DeliveryOrder.Causal)] public record Rumour(string Text);
            public record Plain(string Text);
            """;
        CSharpCompilation compilation = CSharpCompilation.Create(
            "t", [CSharpSyntaxTree.ParseText(text)], References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error));
        IEnumerable<Diagnostic> found = await compilation
            .WithAnalyzers([new ReplicatedHandlerAnalyzer()])
            .GetAnalyzerDiagnosticsAsync(TestContext.Current.CancellationToken);
        Assert.All(found, d => Assert.StartsWith("GC", d.Id, StringComparison.Ordinal));
        return [.. found.OrderBy(d => d.Location.SourceSpan.Start).Select(d => $"{d.Id}: {d.GetMessage(System.Globalization.CultureInfo.InvariantCulture)}")];
    }
}
