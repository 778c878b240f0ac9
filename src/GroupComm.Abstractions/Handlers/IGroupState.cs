using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm;

/// <summary>The state of a member: the class-based form of <see cref="IGroupBuilder.RegisterState"/>, for hosts (law VS-18).</summary>
public interface IGroupState
{
    /// <summary>Writes the state as it is at the cut. Called at the donor, between two deliveries.</summary>
    Task CaptureAsync(Stream output, CancellationToken ct);

    /// <summary>Replaces the state by what <see cref="CaptureAsync"/> wrote. Called at the joiner, before its first delivery.</summary>
    Task RestoreAsync(Stream input, CancellationToken ct);
}
