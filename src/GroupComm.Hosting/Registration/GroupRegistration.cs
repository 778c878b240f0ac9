using System;
using System.Collections.Generic;

namespace GroupComm.Hosting.Registration;

/// <summary>A group that a host joins, and everything registered for it.</summary>
internal sealed class GroupRegistration(
    string group,
    IReadOnlyList<HandlerEntry> handlers,
    IReadOnlyDictionary<Type, Delegate> conflictKeys,
    IReadOnlyList<Action<IServiceProvider, IGroupBuilder>> further)
{
    public string Group => group;

    public void Apply(IServiceProvider provider, IGroupBuilder builder)
    {
        foreach (HandlerEntry handler in handlers)
            handler.Register(provider, builder, conflictKeys.GetValueOrDefault(handler.Type));
        foreach (Action<IServiceProvider, IGroupBuilder> register in further)
            register(provider, builder);
    }
}
