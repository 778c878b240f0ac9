using System;

namespace GroupComm;

/// <summary>Stages of a receipt that the daemon tells without being asked again. Each costs a small frame per message.</summary>
[Flags]
public enum ReceiptStages
{
    /// <summary>Only that the message is admitted.</summary>
    None = 0,

    /// <summary><see cref="SendReceipt.Delivered"/>.</summary>
    Delivered = 2,

    /// <summary><see cref="SendReceipt.Safe"/>. The nodes acknowledge each message at once for it.</summary>
    Safe = 4,

    /// <summary>Both (default).</summary>
    All = Delivered | Safe,
}
