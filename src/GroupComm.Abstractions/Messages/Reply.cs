namespace GroupComm;

/// <summary>One member's answer to a query, or the news that it left before answering.</summary>
/// <typeparam name="T">The reply's type.</typeparam>
/// <param name="Member">Who answered or left.</param>
/// <param name="Value">The answer; default when <paramref name="Departed"/> or <paramref name="Error"/> is set.</param>
/// <param name="Departed">The member left before it answered.</param>
/// <param name="Error">The handler's failure, for people.</param>
public sealed record Reply<T>(MemberId Member, T? Value, bool Departed = false, string? Error = null);
