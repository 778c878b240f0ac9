using System;
using System.Collections.Generic;
using System.Linq;
using GroupComm.Hosting.Registration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace GroupComm;

/// <summary>What a member of a host does with what it is told, by classes that the container makes.</summary>
public sealed class GroupServiceBuilder
{
    private readonly IServiceCollection _services;
    private readonly string _group;
    private readonly List<HandlerEntry> _handlers = [];
    private readonly Dictionary<Type, Delegate> _conflictKeys = [];
    private readonly List<Action<IServiceProvider, IGroupBuilder>> _further = [];
    private Type? _state;

    internal GroupServiceBuilder(IServiceCollection services, string group) => (_services, _group) = (services, group);

    /// <summary>A singleton that handles every <see cref="IMessageHandler{T}"/> that it implements.</summary>
    /// <exception cref="InvalidOperationException">It implements none, a message has a handler already, or the class is
    /// registered with another lifetime.</exception>
    public GroupServiceBuilder AddHandler<THandler>()
        where THandler : class => Add<THandler>(typeof(IMessageHandler<>), typeof(MessageEntry<,>), scoped: false);

    /// <summary>As <see cref="AddHandler{THandler}"/>, but a new one in a scope of its own for every message.</summary>
    public GroupServiceBuilder AddScopedHandler<THandler>()
        where THandler : class => Add<THandler>(typeof(IMessageHandler<>), typeof(MessageEntry<,>), scoped: true);

    /// <summary>A singleton that answers every <see cref="IQueryHandler{TQuery, TReply}"/> that it implements.</summary>
    public GroupServiceBuilder AddQueryHandler<THandler>()
        where THandler : class => Add<THandler>(typeof(IQueryHandler<,>), typeof(QueryEntry<,,>), scoped: false);

    /// <summary>As <see cref="AddQueryHandler{THandler}"/>, but a new one in a scope of its own for every query.</summary>
    public GroupServiceBuilder AddScopedQueryHandler<THandler>()
        where THandler : class => Add<THandler>(typeof(IQueryHandler<,>), typeof(QueryEntry<,,>), scoped: true);

    /// <summary>A singleton that captures the state at a donor and restores it at a joiner. It may be a handler too: it is the
    /// same object.</summary>
    public GroupServiceBuilder AddState<TState>()
        where TState : class, IGroupState
    {
        if (_state is not null)
            throw new InvalidOperationException($"the state of group '{_group}' is {_state.Name} already; there is one");
        _state = typeof(TState);
        AddSingleton<TState>();
        return Register((provider, group) =>
        {
            TState state = provider.GetRequiredService<TState>();
            group.RegisterState(state.CaptureAsync, state.RestoreAsync);
        });
    }

    /// <summary>Messages of this type with different keys may be handled side by side; without it all are handled in order.</summary>
    public GroupServiceBuilder WithConflictKey<T>(Func<T, object?> conflictKey)
    {
        ArgumentNullException.ThrowIfNull(conflictKey);
        _conflictKeys[typeof(T)] = conflictKey;
        return this;
    }

    /// <summary>Changes the options of the group and of the membership.</summary>
    public GroupServiceBuilder Configure(Action<GroupOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return Register((_, group) => configure(group.Options));
    }

    /// <summary>Everything else that can be registered where a group is joined: views, raw bytes, events, functions.</summary>
    public GroupServiceBuilder Register(Action<IServiceProvider, IGroupBuilder> register)
    {
        ArgumentNullException.ThrowIfNull(register);
        _further.Add(register);
        return this;
    }

    internal GroupRegistration Build()
    {
        foreach (Type type in _conflictKeys.Keys)
            if (!_handlers.Any(handler => handler.Type == type))
                throw new InvalidOperationException($"group '{_group}' has a conflict key for {type.Name} and no handler; add one, or pass the key to Register where its function is registered");
        return new GroupRegistration(_group, _handlers, _conflictKeys, _further);
    }

    private GroupServiceBuilder Add<THandler>(Type contract, Type entry, bool scoped)
        where THandler : class
    {
        Type[] contracts = [.. typeof(THandler).GetInterfaces().Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == contract)];
        if (contracts.Length == 0)
            throw new InvalidOperationException($"{typeof(THandler).Name} does not implement {contract.Name[..contract.Name.IndexOf('`', StringComparison.Ordinal)]}<…>, so there is nothing to register for group '{_group}'");
        foreach (Type[] arguments in contracts.Select(type => type.GetGenericArguments()))
        {
            if (_handlers.Find(handler => handler.Type == arguments[0]) is { } other)
                throw new InvalidOperationException($"{arguments[0].Name} is handled by {other.Handler.Name} already in group '{_group}'; there is one handler per type");
            // Once, here: per message there is a plain call.
            _handlers.Add((HandlerEntry)Activator.CreateInstance(entry.MakeGenericType([typeof(THandler), .. arguments]), [scoped])!);
        }
        if (scoped)
            _services.TryAddScoped<THandler>();
        else
            AddSingleton<THandler>();
        return this;
    }

    private void AddSingleton<T>()
        where T : class
    {
        if (_services.Any(service => !service.IsKeyedService && service.ServiceType == typeof(T) && service.Lifetime != ServiceLifetime.Singleton))
            throw new InvalidOperationException($"{typeof(T).Name} is registered as scoped or transient, and group '{_group}' needs one for all messages; use AddScopedHandler, or register it as a singleton");
        _services.TryAddSingleton<T>();
    }
}
