using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GroupComm.Analyzers;

/// <summary>Walks one handler and, to a bounded depth, the methods of the same project that it calls.</summary>
internal sealed class HandlerWalk(Compilation compilation, Action<Diagnostic> report, CancellationToken ct)
{
    private const int Depth = 6;

    private readonly HashSet<ISymbol> _seen = new(SymbolEqualityComparer.Default);
    private string _handler = "in a handler";

    /// <summary>What was given to a register call: a lambda, a method group, or something that is not looked into.</summary>
    public void Handler(IOperation value)
    {
        switch (value)
        {
            case IDelegateCreationOperation creation:
                Handler(creation.Target);
                break;
            case IConversionOperation conversion:
                Handler(conversion.Operand);
                break;
            case IAnonymousFunctionOperation lambda:
                _handler = "in a registered handler";
                Walk(lambda.Body, 0);
                break;
            case IMethodReferenceOperation reference:
                _handler = $"in the handler {reference.Method.ContainingType.Name}.{reference.Method.Name}";
                Follow(reference.Method, 0);
                break;
        }
    }

    public void Method(IMethodSymbol method, ImmutableArray<IOperation> blocks)
    {
        _handler = $"in the handler {method.ContainingType.Name}.{method.Name}";
        _seen.Add(method);
        foreach (IOperation block in blocks)
            Walk(block, 0);
    }

    private void Walk(IOperation root, int depth)
    {
        foreach (IOperation operation in root.DescendantsAndSelf())
        {
            ct.ThrowIfCancellationRequested();
            switch (operation)
            {
                case IInvocationOperation call:
                    Use(call.TargetMethod, call, depth);
                    CheckQuery(call);
                    break;
                case IPropertyReferenceOperation property:
                    Use(property.Property, property, depth);
                    break;
                case IObjectCreationOperation { Constructor: { } constructor } creation:
                    Use(constructor, creation, depth);
                    break;
                case IMethodReferenceOperation reference:
                    Use(reference.Method, reference, depth);
                    break;
                case IForEachLoopOperation loop:
                    if (Source(loop.Collection) is { } collection)
                        Report(Rules.HashOrder, loop.Collection, collection);
                    break;
            }
        }
    }

    private void Use(ISymbol member, IOperation at, int depth)
    {
        if (Forbidden.Rule(member) is { } rule)
            Report(rule, at, member is IMethodSymbol { MethodKind: MethodKind.Constructor } ? $"new {member.ContainingType.Name}" : $"{member.ContainingType.Name}.{member.Name}");
        else if (depth < Depth)
            Follow(member is IPropertySymbol property ? property.GetMethod : member as IMethodSymbol, depth + 1);
    }

    private void Follow(IMethodSymbol? method, int depth)
    {
        method = method?.ReducedFrom ?? method?.OriginalDefinition;
        if (method is null || !SymbolEqualityComparer.Default.Equals(method.ContainingAssembly, compilation.Assembly) || !_seen.Add(method))
            return;
        foreach (SyntaxReference reference in method.DeclaringSyntaxReferences)
        {
            SyntaxNode syntax = reference.GetSyntax(ct);
#pragma warning disable RS1030 // a handler's callees may stand in other files, whose models the context does not give
            SemanticModel model = compilation.GetSemanticModel(syntax.SyntaxTree);
#pragma warning restore RS1030
            if (model.GetOperation(syntax, ct) is { } body)
                Walk(body, depth);
        }
    }

    /// <summary>A query over a hash table whose answer depends on the order.</summary>
    private void CheckQuery(IInvocationOperation call)
    {
        if (Forbidden.Name(call.TargetMethod.ContainingType) == "System.Linq.Enumerable" && !HashOrder.IsHarmless(call.TargetMethod.Name)
            && !HashOrder.PassesOn(call.TargetMethod.Name) && call.Arguments.Length > 0 && Source(call.Arguments[0].Value) is { } source)
            Report(Rules.HashOrder, call, source);
        else if (call.TargetMethod is { Name: "Join" or "Concat", ContainingType.SpecialType: SpecialType.System_String })
            foreach (IArgumentOperation argument in call.Arguments)
                if (Source(argument.Value) is { } joined)
                    Report(Rules.HashOrder, call, joined);
    }

    /// <summary>The hash table that a value comes from, without anything in between that gives it an order.</summary>
    private static string? Source(IOperation value)
    {
        while (true)
        {
            switch (value)
            {
                case IConversionOperation conversion:
                    value = conversion.Operand;
                    break;
                case IInvocationOperation call when call.Arguments.Length > 0 && HashOrder.PassesOn(call.TargetMethod.Name)
                    && Forbidden.Name(call.TargetMethod.ContainingType) == "System.Linq.Enumerable":
                    value = call.Arguments[0].Value;
                    break;
                case IPropertyReferenceOperation { Property.Name: "Keys" or "Values", Instance: { } table } when HashOrder.Has(table.Type):
                    value = table;
                    break;
                default:
                    return HashOrder.Has(value.Type) ? value.Syntax.ToString() : null;
            }
        }
    }

    private void Report(DiagnosticDescriptor rule, IOperation at, string what) =>
        report(Diagnostic.Create(rule, at.Syntax.GetLocation(), what, _handler));
}
