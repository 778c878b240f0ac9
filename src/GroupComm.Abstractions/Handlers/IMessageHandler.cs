using System.Threading;
using System.Threading.Tasks;

namespace GroupComm;

/// <summary>Handles messages of one type: the class-based form of <see cref="IGroupBuilder.Register{T}"/>, for hosts.
/// A class may implement several.</summary>
/// <typeparam name="T">The message's type.</typeparam>
public interface IMessageHandler<in T>
{
    /// <summary>Called in delivery order, one at a time; different conflict keys may run side by side. The context is valid
    /// during the call only; the token is cancelled when the member ends.</summary>
    ValueTask HandleAsync(T message, MessageContext context, CancellationToken ct);
}
