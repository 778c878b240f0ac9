using System;
using System.Buffers.Binary;
using System.IO;
using System.Net.Sockets;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Sidecar.Access;

/// <summary>The file of a unix socket (law Q8): 0660, in a directory that strangers cannot enter. The directory closes the moment
/// between the bind and the mode, too.</summary>
internal static class SocketFile
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
    private const UnixFileMode OwnDirectory = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode TooOpen = UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
    private const int LongestPath = 100;

    // Linux.
    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;

    /// <summary>Makes the directory, or refuses it, and removes what a dead process left.</summary>
    public static void Prepare(string path, string option)
    {
        if (OperatingSystem.IsWindows())
            throw new UsageException($"{option}: unix sockets need a unix");
        if (path.Length is 0 or > LongestPath || !Path.IsPathRooted(path))
            throw new UsageException($"{option} 'unix:{path}': write an absolute path of at most {LongestPath} characters, for example unix:/run/groupcomm/http.sock");
        string directory = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(directory))
            Directory.CreateDirectory(directory, OwnDirectory);
        else if ((File.GetUnixFileMode(directory) & TooOpen) != 0)
            throw new UsageException($"{option} 'unix:{path}': others can enter {directory}; use a directory of its own with mode 0700, or 0750 for a group");
        if (!File.Exists(path))
            return;
        if (!IsSocket(path))
            throw new UsageException($"{option} 'unix:{path}': there is a file that is no socket; remove it, or use another path");
        if (Answers(path))
            throw new UsageException($"{option} 'unix:{path}': another process listens there; use another path, or stop it");
        File.Delete(path);
    }

    /// <summary>Refuses a directory in which others could put a socket of theirs in the place of this one; where only the owner of a file may replace it, as in /tmp, they cannot.</summary>
    public static void GuardPlace(string path, string option)
    {
        string? directory = Path.GetDirectoryName(Path.GetFullPath(path));
        if (OperatingSystem.IsWindows() || !Directory.Exists(directory))
            return; // the bind says it
        UnixFileMode mode = File.GetUnixFileMode(directory);
        if ((mode & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0 && (mode & UnixFileMode.StickyBit) == 0)
            throw new UsageException($"{option} '{path}': others can replace files in {directory}; use a directory of its own with mode 0700, or 0750 for a group");
    }

    public static void Restrict(string path)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, Mode);
    }

    /// <summary>Whether the process at the other end runs as this one's user, or as root; false where the system does not tell.</summary>
    public static bool IsOwner(Socket socket)
    {
        if (!OperatingSystem.IsLinux() || socket.AddressFamily != AddressFamily.Unix)
            return false;
        Span<byte> credentials = stackalloc byte[12]; // pid, uid, gid
        if (socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials) != credentials.Length)
            return false;
        uint user = BinaryPrimitives.ReadUInt32LittleEndian(credentials[4..]);
        return user == 0 || user == UserId.Own;
    }

    // To connect to any other file is "refused" too. A socket cannot be opened.
    private static bool IsSocket(string path)
    {
        try
        {
            File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite).Dispose();
            return false;
        }
        catch (IOException)
        {
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool Answers(string path)
    {
        try
        {
            using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return false;
        }
        catch (SocketException error)
        {
            throw new UsageException($"'{path}' is not a socket that can be replaced: {error.Message}");
        }
    }
}

/// <summary>Of this process.</summary>
internal static partial class UserId
{
    public static uint Own { get; } = OperatingSystem.IsWindows() ? uint.MaxValue : GetEffectiveUserId();

    [System.Runtime.InteropServices.LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUserId();
}
