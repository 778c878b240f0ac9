using System.Runtime.CompilerServices;

namespace GroupComm.Testing.Laws;

/// <summary>
/// One law of laws.md as a checker over a <see cref="TraceIndex"/>. A checker keeps its buffers between runs, and on the passing
/// path builds no strings. Words are built only for a violation.
/// </summary>
/// <param name="id">The id, such as <c>VS-9</c>.</param>
/// <param name="name">Its short name.</param>
/// <param name="promise">The promise in one sentence.</param>
internal abstract class Law(string id, string name, string promise)
{
    /// <summary>The id, such as <c>VS-9</c>.</summary>
    public string Id => id;

    /// <summary>Its short name.</summary>
    public string Name => name;

    /// <summary>The promise in one sentence.</summary>
    public string Promise => promise;

    /// <summary>Its place among the laws of the checker.</summary>
    internal int Place { get; set; }

    /// <summary>Counts every breach of the law in the history into the verdict.</summary>
    public abstract void Check(TraceIndex index, Verdict verdict);

    /// <summary>Counts a violation. The handler builds its text only if it will be kept.</summary>
    protected void Report(Verdict verdict, [InterpolatedStringHandlerArgument("", "verdict")] ref ViolationText text, params System.ReadOnlySpan<EventRef> events)
    {
        if (text.Wanted)
            verdict.Keep(new Violation(Id, text.ToText(), events.ToArray()));
    }
}
