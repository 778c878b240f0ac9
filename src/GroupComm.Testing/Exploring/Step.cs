
namespace GroupComm.Testing.Exploring;

internal enum StepKind : byte
{
    /// <summary>The first frame from A to B arrives.</summary>
    Deliver,

    /// <summary>A sends the next message.</summary>
    Send,

    /// <summary>A crashes; what it has on the way to the nodes in the mask B is lost.</summary>
    Crash,

    /// <summary>A suspects B, wrongly.</summary>
    Suspect,

    /// <summary>A joiner starts.</summary>
    Join,

    /// <summary>Time goes on.</summary>
    Tick,
}

/// <summary>One step of a search.</summary>
internal readonly record struct Step(StepKind Kind, int A, int B);

/// <summary>Something on its way: a frame, or the news that the sender is gone.</summary>
internal sealed record Parcel(GroupComm.Core.Messages.Message? Message, NodeId Gone);
