using System;

namespace GroupComm.Client.Frames;

/// <summary>The daemon broke a rule of the specification.</summary>
internal sealed class BadFrameException(string message) : Exception(message);
