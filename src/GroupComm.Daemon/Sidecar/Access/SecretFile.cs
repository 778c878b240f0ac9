using System;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Sidecar.Access;

/// <summary>A token in a file that only its owner can read. It is read again a second after the last look, so that it can be
/// changed without a restart; while it cannot be used, the former counts.</summary>
internal sealed class SecretFile
{
    public const int Shortest = 16;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;

    private readonly string _path;
    private readonly string _option;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private byte[] _hash;
    private long _looked;

    /// <exception cref="UsageException">It is not there, open to others, or too short.</exception>
    public SecretFile(string path, string option, TimeProvider? time = null)
    {
        (_path, _option, _time) = (path, option, time ?? TimeProvider.System);
        _hash = Read();
        _looked = _time.GetTimestamp();
    }

    /// <summary>Compares in a time that tells nothing.</summary>
    public bool Is(string? given)
    {
        if (given is null)
            return false;
        lock (_lock)
        {
            if (_time.GetElapsedTime(_looked) >= TimeSpan.FromSeconds(1))
                Look();
            return CryptographicOperations.FixedTimeEquals(_hash, SHA256.HashData(Encoding.UTF8.GetBytes(given)));
        }
    }

    private void Look()
    {
        _looked = _time.GetTimestamp();
        try
        {
            _hash = Read();
        }
        catch (UsageException)
        {
            // Half written, or being replaced.
        }
    }

    private byte[] Read()
    {
        try
        {
            if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(_path) & Others) != 0)
                throw new UsageException($"{_option} '{_path}' can be read by others: chmod 600 it, and choose another token");
            string token = File.ReadAllText(_path).Trim();
            return token.Length >= Shortest
                ? SHA256.HashData(Encoding.UTF8.GetBytes(token))
                : throw new UsageException($"{_option} '{_path}' holds {token.Length} characters: a token has at least {Shortest}, for example of 'openssl rand -hex 32'");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{_option} '{_path}' cannot be read: {error.Message}");
        }
    }
}
