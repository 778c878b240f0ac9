using GroupComm.Client.Frames;

namespace GroupComm.Client.Sessions;

/// <summary>Whoever uses a session. Called one at a time, by the session's reader, without a lock; must not wait.</summary>
internal interface ISessionOwner
{
    /// <summary>The next counted frame. Its owner calls <see cref="Session.Handled"/> for it, at once or later.</summary>
    void Received(Frame frame, Handled size);

    /// <summary>The daemon does not know the session any more: a new one has begun, without member and requests.</summary>
    void Lost();

    /// <summary>No further connection will be made.</summary>
    void Ended(GatewayClosedException error);
}

/// <summary>What to give back when a frame was handled.</summary>
/// <param name="Life">Of the session: numbers begin anew in each.</param>
/// <param name="Number">Its place among the counted frames.</param>
/// <param name="Bytes">Its size.</param>
internal readonly record struct Handled(int Life, long Number, int Bytes);
