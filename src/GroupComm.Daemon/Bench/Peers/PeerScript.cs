using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Bench.Peers;

/// <summary>
/// <c>interop/peers/peer.sh</c>: all that is known of other systems stands there. Looked for from the current directory
/// upwards, then from where the program is.
/// </summary>
internal static class PeerScript
{
    private static readonly string Place = Path.Combine("interop", "peers", "peer.sh");

    /// <summary>Ends with a usage error when a system cannot be measured here.</summary>
    public static void Check(string system)
    {
        string script = Find() ?? throw new UsageException($"--against {system} needs {Place}: run it in a clone of the repository");
        using Process check = Process.Start(new ProcessStartInfo(script, [system, "check"]) { UseShellExecute = false })
            ?? throw new UsageException($"--against {system}: {script} does not start");
        check.WaitForExit();
        if (check.ExitCode != 0)
            throw new UsageException($"--against {system}: it is not installed; run {Path.Combine(Path.GetDirectoryName(script)!, "install.sh")} as root (Debian)");
    }

    public static ProcessStartInfo Server(string system, int nodes) => Start(system, "server", Text(nodes));

    public static ProcessStartInfo Node(string system, int id, int nodes, string address) => Start(system, "node", Text(id), Text(nodes), address);

    private static ProcessStartInfo Start(params string[] arguments) => new(Find()!, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
        UseShellExecute = false,
    };

    private static string? Find() => Find(Directory.GetCurrentDirectory()) ?? Find(AppContext.BaseDirectory);

    private static string? Find(string? from)
    {
        for (; from is not null; from = Path.GetDirectoryName(from))
            if (File.Exists(Path.Combine(from, Place)))
                return Path.Combine(from, Place);
        return null;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
