using System;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace GroupComm.Hosting.Registration;

/// <summary>One type that one class handles.</summary>
internal abstract class HandlerEntry(Type handler, Type type)
{
    public Type Handler => handler;

    public Type Type => type;

    public abstract void Register(IServiceProvider provider, IGroupBuilder group, Delegate? conflictKey);
}

internal sealed class MessageEntry<THandler, T>(bool scoped) : HandlerEntry(typeof(THandler), typeof(T))
    where THandler : class, IMessageHandler<T>
{
    public override void Register(IServiceProvider provider, IGroupBuilder group, Delegate? conflictKey)
    {
        Func<T, object?>? key = (Func<T, object?>?)conflictKey;
        if (!scoped)
        {
            group.Register(provider.GetRequiredService<THandler>().HandleAsync, key);
            return;
        }
        IServiceScopeFactory scopes = provider.GetRequiredService<IServiceScopeFactory>();
        group.Register<T>((message, context, ct) => HandleAsync(scopes, message, context, ct), key);
    }

    private static async ValueTask HandleAsync(IServiceScopeFactory scopes, T message, MessageContext context, CancellationToken ct)
    {
        AsyncServiceScope scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
            await scope.ServiceProvider.GetRequiredService<THandler>().HandleAsync(message, context, ct).ConfigureAwait(false);
    }
}

internal sealed class QueryEntry<THandler, TQuery, TReply>(bool scoped) : HandlerEntry(typeof(THandler), typeof(TQuery))
    where THandler : class, IQueryHandler<TQuery, TReply>
{
    public override void Register(IServiceProvider provider, IGroupBuilder group, Delegate? conflictKey)
    {
        if (!scoped)
        {
            group.RegisterQuery<TQuery, TReply>(provider.GetRequiredService<THandler>().HandleAsync);
            return;
        }
        IServiceScopeFactory scopes = provider.GetRequiredService<IServiceScopeFactory>();
        group.RegisterQuery<TQuery, TReply>((query, context, ct) => HandleAsync(scopes, query, context, ct));
    }

    private static async ValueTask<TReply> HandleAsync(IServiceScopeFactory scopes, TQuery query, MessageContext context, CancellationToken ct)
    {
        AsyncServiceScope scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
            return await scope.ServiceProvider.GetRequiredService<THandler>().HandleAsync(query, context, ct).ConfigureAwait(false);
    }
}
