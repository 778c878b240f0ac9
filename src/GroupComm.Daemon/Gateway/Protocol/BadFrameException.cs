using System;

namespace GroupComm.Gateway.Protocol;

/// <summary>The other side broke a rule of the specification.</summary>
internal sealed class BadFrameException(string message) : Exception(message);
