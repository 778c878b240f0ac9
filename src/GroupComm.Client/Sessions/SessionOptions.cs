using System;
using System.Collections.Generic;

namespace GroupComm.Client.Sessions;

/// <summary>How a session reaches a daemon, checked.</summary>
internal sealed record SessionOptions(IReadOnlyList<Endpoint> Endpoints, string Name, int Window, TimeSpan Grace, TimeSpan Patience);
