using System;
using System.Buffers;
using GroupComm.Runtime.Telemetry;

namespace GroupComm.Runtime.Submit;

/// <summary>One multicast as the application asked for it.</summary>
/// <param name="Group">The group's number in the table.</param>
/// <param name="Slot">The sending member's slot; 0 from outside.</param>
/// <param name="TypeId">Type of a typed message.</param>
/// <param name="Order">Its order.</param>
/// <param name="Payload">Its bytes; the caller's until the send is admitted or refused.</param>
/// <param name="Writer">Where a typed message was written, to be given back afterwards.</param>
/// <param name="FromHandler">May use the reserve instead of waiting for the window.</param>
/// <param name="Life">The life of the node in which <paramref name="Group"/> is a number; 0: whichever it is.</param>
/// <param name="Watched">Telemetry has seen it.</param>
/// <param name="Flight">What telemetry notes of it; mostly nothing.</param>
internal readonly record struct SendRequest(
    int Group, int Slot, string? TypeId, DeliveryOrder Order, ReadOnlyMemory<byte> Payload, ArrayBufferWriter<byte>? Writer, bool FromHandler,
    int Life = 0, bool Watched = false, Flight? Flight = null);
