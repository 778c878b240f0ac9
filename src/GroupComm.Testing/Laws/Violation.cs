using System.Collections.Generic;

namespace GroupComm.Testing.Laws;

/// <summary>Points at one event of one process.</summary>
/// <param name="Process">The process, as the history numbers it.</param>
/// <param name="Event">The event in its trace.</param>
internal readonly record struct EventRef(int Process, int Event);

/// <summary>A law that did not hold.</summary>
/// <param name="Law">The law, such as <c>VS-9</c>.</param>
/// <param name="Text">What happened, in words.</param>
/// <param name="Events">The events that show it.</param>
internal sealed record Violation(string Law, string Text, IReadOnlyList<EventRef> Events);
