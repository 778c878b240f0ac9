namespace GroupComm.Gateway.Protocol;

/// <summary>The limits of the specification.</summary>
internal static class GatewayLimits
{
    public const int Version = 1;
    public const int Prefix = 4;
    public const long MaxNumber = (1L << 53) - 1;
    public const int MaxHello = 4096;
    public const int MaxText = 1024;
    public const int MaxNames = 20_000;
    public const int MaxDepth = 8;
    public const int SessionBytes = 16;
    public const int MinWindow = 1 << 16;
    public const int MaxWindow = 1 << 24;
    public const int MaxGrace = 600_000;
    public const int MaxPart = 1 << 20;
    public const int MaxReply = 1 << 20;
    public const int MaxType = 256;

    /// <summary>What a frame has besides its payload.</summary>
    public const int Head = 65_536;

    /// <summary>Kinds from here on may be unknown.</summary>
    public const int FirstSkippable = 128;
}
