using System.Collections.Immutable;
using GroupComm.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace GroupComm;

/// <summary>Warns of what makes replicas part: see <see cref="Rules"/>. Looks into the methods of the same project that a handler calls.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class ReplicatedHandlerAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics => Rules.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterCompilationStartAction(static start =>
        {
            HandlerFinder finder = new(start.Compilation);
            if (!finder.IsNeeded)
                return;
            start.RegisterOperationAction(
                operation =>
                {
                    foreach (IOperation handler in finder.Registered((IInvocationOperation)operation.Operation))
                        new HandlerWalk(start.Compilation, operation.ReportDiagnostic, operation.CancellationToken).Handler(handler);
                },
                OperationKind.Invocation);
            start.RegisterOperationBlockAction(block =>
            {
                if (block.OwningSymbol is IMethodSymbol method && finder.Implements(method))
                    new HandlerWalk(start.Compilation, block.ReportDiagnostic, block.CancellationToken).Method(method, block.OperationBlocks);
            });
        });
    }
}
