using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GroupComm.Analyzers;

/// <summary>
/// Which code is a replicated handler: what is given to <c>Register</c>, <c>RegisterBytes</c> or the capture of
/// <c>RegisterState</c> of a group builder, and every <c>IMessageHandler&lt;T&gt;.HandleAsync</c>; but not for messages that
/// their attribute sends fifo or causal, which replicas may handle in different order anyway.
/// </summary>
internal sealed class HandlerFinder(Compilation compilation)
{
    private readonly INamedTypeSymbol? _builder = compilation.GetTypeByMetadataName("GroupComm.IGroupBuilder");
    private readonly INamedTypeSymbol? _handler = compilation.GetTypeByMetadataName("GroupComm.IMessageHandler`1");
    private readonly INamedTypeSymbol? _attribute = compilation.GetTypeByMetadataName("GroupComm.GroupMessageAttribute");

    public bool IsNeeded => _builder is not null;

    /// <summary>The handlers in the arguments of a call.</summary>
    public IEnumerable<IOperation> Registered(IInvocationOperation call)
    {
        IMethodSymbol method = call.TargetMethod;
        if (!SymbolEqualityComparer.Default.Equals(method.ContainingType, _builder))
            return [];
        string? parameter = method.Name switch
        {
            "Register" when IsReplicated(method.TypeArguments.FirstOrDefault()) => "handler",
            "RegisterBytes" => "handler",
            "RegisterState" => "capture",
            _ => null,
        };
        return parameter is null ? [] : call.Arguments.Where(argument => argument.Parameter?.Name == parameter).Select(argument => argument.Value);
    }

    /// <summary>Whether the method implements the handler interface for a replicated message.</summary>
    public bool Implements(IMethodSymbol method)
    {
        if (_handler is null || method.Name != "HandleAsync" && method.ExplicitInterfaceImplementations.IsEmpty)
            return false;
        foreach (INamedTypeSymbol each in method.ContainingType.AllInterfaces)
            if (SymbolEqualityComparer.Default.Equals(each.OriginalDefinition, _handler) && IsReplicated(each.TypeArguments[0]))
                foreach (ISymbol member in each.GetMembers("HandleAsync"))
                    if (SymbolEqualityComparer.Default.Equals(method.ContainingType.FindImplementationForInterfaceMember(member), method))
                        return true;
        return false;
    }

    private bool IsReplicated(ITypeSymbol? message)
    {
        const int Agreed = 3;
        AttributeData? attribute = message?.GetAttributes().FirstOrDefault(each => SymbolEqualityComparer.Default.Equals(each.AttributeClass, _attribute));
        foreach (KeyValuePair<string, TypedConstant> argument in attribute?.NamedArguments ?? [])
            if (argument.Key == "Order" && argument.Value.Value is int order)
                return order is 0 or >= Agreed;
        return true;
    }
}
