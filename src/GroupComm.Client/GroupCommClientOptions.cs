using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using GroupComm.Client.Frames;
using GroupComm.Client.Sessions;
using Microsoft.Extensions.Logging;

namespace GroupComm;

/// <summary>How a client reaches its daemon. A mistake is an <see cref="ArgumentException"/> that names the fix.</summary>
public sealed class GroupCommClientOptions
{
    private const int MaxName = 256;

    /// <summary>Daemons to go to, the first that answers: <c>unix:PATH</c>, <c>tcp:HOST:PORT</c> or <c>ws://HOST:PORT/v1/gateway</c>. When
    /// its daemon is gone, a client goes to the next. At least one.</summary>
    public IList<string> Endpoints { get; } = [];

    /// <summary>For the daemon's log. Default <c>groupcomm-dotnet</c>.</summary>
    public string Name { get; set; } = "groupcomm-dotnet";

    /// <summary>Bytes under way towards this client, not yet handled, per connection. Default 1 MiB, 64 KiB … 16 MiB.</summary>
    public int Window { get; set; } = 1 << 20;

    /// <summary>So long the daemon keeps the member while the connection is cut; the others see nothing. Default 10 s, 0 … 10 min.</summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>So long a client looks for a daemon before it gives up with <see cref="GatewayClosedException"/>. Default 30 s.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Stages that receipts are told. Default all.</summary>
    public ReceiptStages Receipts { get; set; } = ReceiptStages.All;

    /// <summary>How messages become bytes. Default MessagePack with string keys, which clients of other languages read.</summary>
    public IMessageSerializer? Serializer { get; set; }

    /// <summary>Where failures of handlers and lost connections are logged, category <c>GroupComm.Client</c>. Default nowhere.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    internal SessionOptions Check()
    {
        if (Endpoints.Count == 0)
            throw new ArgumentException("there is no endpoint: add one to Endpoints, unix:PATH, tcp:HOST:PORT or ws://HOST:PORT/v1/gateway");
        if (Window is < GatewayLimits.MinWindow or > GatewayLimits.MaxWindow)
            throw new ArgumentException($"Window is {Window}: {GatewayLimits.MinWindow} to {GatewayLimits.MaxWindow} bytes");
        if (Grace < TimeSpan.Zero || Grace > TimeSpan.FromMilliseconds(GatewayLimits.MaxGrace))
            throw new ArgumentException($"Grace is {Grace}: 0 to 10 minutes");
        if (Patience < TimeSpan.Zero)
            throw new ArgumentException($"Patience is {Patience}: 0 or more");
        if (Name is null || Encoding.UTF8.GetByteCount(Name) > MaxName)
            throw new ArgumentException($"Name has at most {MaxName} bytes");
        return new SessionOptions([.. Endpoints.Select(Endpoint.Parse)], Name, Window, Grace, Patience);
    }
}
