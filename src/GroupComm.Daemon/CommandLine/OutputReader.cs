using System;
using System.Runtime.InteropServices;

namespace GroupComm.Daemon.CommandLine;

/// <summary>
/// Whoever reads standard output, if it is a pipe. The console drops what is written to a pipe that nobody reads, without a word; a
/// command that runs until told otherwise asks here, and ends as the others of the pipe would.
/// </summary>
internal static partial class OutputReader
{
    private const short Error = 0x8, HangUp = 0x10;

    public static bool IsGone
    {
        get
        {
            if (OperatingSystem.IsWindows())
                return false;
            PollEntry output = new() { Descriptor = 1 };
            return Poll(ref output, 1, 0) > 0 && (output.Happened & (Error | HangUp)) != 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref PollEntry entries, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Asked;
        public short Happened;
    }
}
