using System;

namespace GroupComm.Testing.Traces;

/// <summary>A trace file says something that is no trace. The message names file and line.</summary>
internal sealed class TraceFormatException : Exception
{
    public TraceFormatException(string file, int line, string what)
        : base(FormattableString.Invariant($"{file}:{line}: {what}"))
    {
    }
}
