namespace GroupComm.Testing.Traces;

/// <summary>A group member as the history numbers it.</summary>
/// <param name="Process">The process that hosts it.</param>
/// <param name="Group">Its group.</param>
/// <param name="Name">Its name there.</param>
internal readonly record struct MemberEntry(int Process, int Group, string Name);
