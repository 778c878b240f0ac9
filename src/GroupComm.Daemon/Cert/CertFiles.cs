using System;
using System.IO;
using GroupComm.Daemon.CommandLine;
using GroupComm.Transport;
using GroupComm.Transport.Tls;

namespace GroupComm.Daemon.Cert;

/// <summary>The files of a small CA. Keys are for their owner alone (0600). A CA is never overwritten, for everything it issued
/// would be worth nothing; a node's certificate is, each file in one step, which is how it is renewed.</summary>
internal sealed class CertFiles(string directory)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Readable = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public string AuthorityPath => Path.Combine(directory, "ca.pem");

    public string AuthorityKeyPath => Path.Combine(directory, "ca-key.pem");

    public void WriteAuthority(Func<Issued> make)
    {
        foreach (string path in new[] { AuthorityPath, AuthorityKeyPath })
            if (File.Exists(path))
                throw new UsageException($"{path} is there already: nodes that trust it would trust nothing; name another --dir, or remove it first");
        Directory.CreateDirectory(directory);
        Issued made = make();
        Write(AuthorityKeyPath, made.Key, OwnerOnly);
        Write(AuthorityPath, made.Certificate, Readable);
    }

    public Issued ReadAuthority()
    {
        if (!File.Exists(AuthorityPath) || !File.Exists(AuthorityKeyPath))
            throw new UsageException($"there is no CA in '{directory}': 'groupcomm cert init' makes one, --dir says where it is");
        return new Issued(File.ReadAllText(AuthorityPath), File.ReadAllText(AuthorityKeyPath));
    }

    /// <returns>Where the certificate is.</returns>
    public string WriteNode(string name, Func<Issued> make)
    {
        string file = name == PeerIdentity.AnyNode ? "any" : name, path = Path.Combine(directory, $"{file}.pem");
        if (file is "ca" or "ca-key")
            throw new UsageException($"a node '{file}' would take the files of the CA: issue it in a copy of the directory");
        Issued made = make();
        Write(Path.Combine(directory, $"{file}-key.pem"), made.Key, OwnerOnly);
        Write(path, made.Certificate, Readable);
        return path;
    }

    private static void Write(string path, string text, UnixFileMode mode)
    {
        string fresh = path + ".new";
        File.Delete(fresh);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = mode;
        using (StreamWriter writer = new(fresh, options))
            writer.Write(text);
        File.Move(fresh, path, overwrite: true);
    }
}
