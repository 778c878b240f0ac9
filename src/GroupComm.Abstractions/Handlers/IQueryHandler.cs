using System.Threading;
using System.Threading.Tasks;

namespace GroupComm;

/// <summary>Answers queries of one type: the class-based form of <see cref="IGroupBuilder.RegisterQuery{TQuery, TReply}"/>, for
/// hosts. A class may implement several.</summary>
/// <typeparam name="TQuery">The query's type.</typeparam>
/// <typeparam name="TReply">The reply's type.</typeparam>
public interface IQueryHandler<in TQuery, TReply>
{
    /// <summary>Called in order with the messages; what it returns goes back to the asker.</summary>
    ValueTask<TReply> HandleAsync(TQuery query, MessageContext context, CancellationToken ct);
}
