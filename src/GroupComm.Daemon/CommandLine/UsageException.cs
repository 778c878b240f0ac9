using System;

namespace GroupComm.Daemon.CommandLine;

/// <summary>What the user asked for cannot be done; the text is one line that says what to do.</summary>
internal sealed class UsageException(string message) : Exception(message);
