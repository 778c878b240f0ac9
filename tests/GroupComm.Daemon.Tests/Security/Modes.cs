using System;
using System.IO;

namespace GroupComm.Daemon.Tests.Security;

/// <summary>Modes of files, where there are any.</summary>
internal static class Modes
{
    public const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static UnixFileMode Of(string path) => OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException() : File.GetUnixFileMode(path);

    public static void Set(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }
}
