using System.Runtime.CompilerServices;

// The contract tests of the transports run against this one too, and live with the TCP transport.
[assembly: InternalsVisibleTo("GroupComm.Transport.Tests")]
