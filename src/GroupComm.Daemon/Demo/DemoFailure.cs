using System;

namespace GroupComm.Daemon.Demo;

/// <summary>The demo could not be played to its end; the text says what did not happen, the log what the processes said last.</summary>
internal sealed class DemoFailure(string message, string log) : Exception(message)
{
    public string Log => log;
}
