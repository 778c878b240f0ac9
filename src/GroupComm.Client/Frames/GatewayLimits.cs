namespace GroupComm.Client.Frames;

/// <summary>Numbers of the specification.</summary>
internal static class GatewayLimits
{
    public const int Version = 1;

    public const long MaxNumber = (1L << 53) - 1;

    /// <summary>Frames of this kind and above are counted and kept.</summary>
    public const int FirstCounted = 16;

    /// <summary>An unknown kind from here on is skipped.</summary>
    public const int FirstSkippable = 128;

    public const int MaxNesting = 8;

    /// <summary>A view may be as long, whatever the largest payload.</summary>
    public const int MaxViewFrame = 16 << 20;

    /// <summary>What a frame may have beside its payload.</summary>
    public const int Overhead = 65_536;

    /// <summary>Of a unicast, a reply and a part.</summary>
    public const int MaxDirect = 1 << 20;

    public const int MinWindow = 65_536;

    public const int MaxWindow = 16 << 20;

    public const int MaxGrace = 600_000;

    /// <summary>Bytes of a text that people read.</summary>
    public const int MaxText = 1024;
}
