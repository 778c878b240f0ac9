namespace GroupComm.Runtime.InMemory;

/// <summary>Two directions between two transports, as the network sees them.</summary>
/// <param name="Dialler">Address of the transport that dialled.</param>
/// <param name="Listener">Address of the transport that accepted.</param>
/// <param name="Forth">Bytes of the dialler.</param>
/// <param name="Back">Bytes of the listener.</param>
internal sealed record InMemoryConnection(string Dialler, string Listener, InMemoryBytes Forth, InMemoryBytes Back)
{
    /// <summary>Whether it joins these two, whoever dialled.</summary>
    public bool Joins(string a, string b) => (Dialler == a && Listener == b) || (Dialler == b && Listener == a);

    /// <summary>The bytes that <paramref name="from"/> sends.</summary>
    public InMemoryBytes From(string from) => from == Dialler ? Forth : Back;

    /// <summary>Both sides see a broken connection.</summary>
    public void Break(string why)
    {
        Forth.Break(why);
        Back.Break(why);
    }
}
