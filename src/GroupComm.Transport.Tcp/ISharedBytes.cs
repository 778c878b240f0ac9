namespace GroupComm.Transport;

/// <summary>Memory that several links send without copying it. Counted; nobody writes to it while somebody holds it.</summary>
internal interface ISharedBytes
{
    byte[] Buffer { get; }

    void Retain();

    void Release();
}
