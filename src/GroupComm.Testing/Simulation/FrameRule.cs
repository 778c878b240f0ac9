using GroupComm.Core.Messages;

namespace GroupComm.Testing.Simulation;

/// <summary>Which frames a script drops or keeps, after so many that pass; no name: any node.</summary>
internal sealed class FrameRule(MessageKind kind, string? from, string? to, bool keep, int passing)
{
    private int _passing = passing;

    public bool Keep => keep;

    public bool Meets(SimNode sender, SimNode receiver, Message message) =>
        message.Kind == kind && (from is null || from == sender.Name) && (to is null || to == receiver.Name) && _passing-- <= 0;
}
