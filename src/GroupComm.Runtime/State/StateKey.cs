namespace GroupComm.Runtime.State;

/// <summary>One attempt to give one member its state.</summary>
/// <param name="Group">The group's number.</param>
/// <param name="Slot">The joiner's slot on its node.</param>
/// <param name="Donor">Who captures it.</param>
/// <param name="Point">Number of the group view at whose install the state is captured.</param>
internal readonly record struct StateKey(int Group, int Slot, NodeId Donor, long Point);
