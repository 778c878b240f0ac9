using System;
using System.IO;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Daemon.Serve;
using GroupComm.Daemon.Sidecar.Access;
using Xunit;

namespace GroupComm.Daemon.Tests.Security;

/// <summary>Law Q8: the peer credentials of the unix socket tell an administrator from another user whom the file's mode lets in.</summary>
public sealed partial class OtherUsersTests : IDisposable
{
    private const int Nobody = 65_534;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Another_user_who_may_use_the_socket_makes_no_admin_calls()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "needs Linux, and root to become another user");
        string path = Path.Combine(_directory.Path, "run", "http.sock");
        bool left = false;
        await using Sidecar.Daemon daemon = await Sidecar.Daemon.StartAsync(access: HttpAccess.Of(new ServeSettings { Http = "unix:" + path }), leave: () => left = true);
        for (string? above = Path.GetDirectoryName(path); above is not null && above != Path.GetPathRoot(path); above = Path.GetDirectoryName(above))
            if (above.StartsWith(_directory.Path, StringComparison.Ordinal))
                Modes.Set(above, (UnixFileMode)0b111_101_101); // an administrator who opens it to a group does the same
        Modes.Set(path, (UnixFileMode)0b110_110_110);
        Assert.Contains("\"primary\":true", await AskAsync(path, "GET /v1/view", Nobody), StringComparison.Ordinal);
        Assert.Contains("\"code\":\"not-admin\"", await AskAsync(path, "POST /v1/admin/leave", Nobody), StringComparison.Ordinal);
        Assert.False(left);
        Assert.Contains("202 Accepted", await AskAsync(path, "POST /v1/admin/leave", 0), StringComparison.Ordinal);
    }

    /// <summary>One request of a thread that has become another user: the kernel takes the credentials of whoever connects.</summary>
    private static Task<string> AskAsync(string path, string line, int user)
    {
        TaskCompletionSource<string> answer = new(TaskCreationOptions.RunContinuationsAsynchronously); // a thread hands its user on to those that it starts
        Thread thread = new(() =>
        {
            try
            {
                if (user != 0 && SetUser(RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 117 : 147, -1, user, -1) != 0)
                    throw new InvalidOperationException($"cannot become user {user}: error {Marshal.GetLastPInvokeError()}");
                using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                socket.Connect(new UnixDomainSocketEndPoint(path));
                socket.Send(Encoding.ASCII.GetBytes($"{line} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
                using StreamReader reader = new(new NetworkStream(socket));
                answer.SetResult(reader.ReadToEnd());
            }
            catch (Exception error)
            {
                answer.SetException(error);
            }
        });
        thread.Start();
        return answer.Task.WaitAsync(Sidecar.Daemon.Limit, Sidecar.Daemon.Ct);
    }

    // The system call itself, setresuid, which changes this thread alone; the C library's function would change all of them.
    [DllImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static extern long SetUser(long number, long real, long effective, long saved);
}
