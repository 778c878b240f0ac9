namespace GroupComm.Daemon.Serve;

/// <summary>What a daemon has besides a node's options; keys of the section <c>GroupComm</c> too.</summary>
internal sealed class ServeSettings
{
    /// <summary>Where HTTP is served: <c>host:port</c>, <c>unix:PATH</c>, or <c>off</c>.</summary>
    public string Http { get; set; } = "127.0.0.1:7480";

    /// <summary>A unix socket for the gateway; null: none.</summary>
    public string? Socket { get; set; }

    /// <summary>Where the gateway listens on TCP; null: nowhere.</summary>
    public string? Tcp { get; set; }

    /// <summary>Allows HTTP and the gateway off loopback without TLS and token.</summary>
    public bool Insecure { get; set; }

    /// <summary>A file with the token that requests over TCP must bear; null: none is needed.</summary>
    public string? TokenFile { get; set; }

    /// <summary>A file with the token of admin calls over TCP; null: there are none.</summary>
    public string? AdminTokenFile { get; set; }

    /// <summary>The PEM certificate of HTTPS; null: HTTP.</summary>
    public string? HttpCert { get; set; }

    /// <summary>Its private key.</summary>
    public string? HttpKey { get; set; }

    /// <summary><c>debug</c>, <c>info</c>, <c>warning</c>, <c>error</c>.</summary>
    public string LogLevel { get; set; } = "info";

    /// <summary><c>text</c> or <c>json</c>.</summary>
    public string LogFormat { get; set; } = "text";

    /// <summary>Where metrics and traces are sent; null: nowhere.</summary>
    public string? Otlp { get; set; }

    /// <summary>Traffic of its own, for trials.</summary>
    public string? Load { get; set; }
}
