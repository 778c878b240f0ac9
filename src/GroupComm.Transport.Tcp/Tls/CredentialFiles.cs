using System;
using System.IO;
using System.Security.Cryptography;
using System.Threading;
using Microsoft.Extensions.Logging;

namespace GroupComm.Transport.Tls;

/// <summary>
/// The three files and what they hold now (law Q6). A handshake that comes a second or more after the last look reads them
/// again; by content, not by date, since a mounted secret is replaced behind a link whose date stays. What cannot be used, a pair
/// that is half written for example, leaves the former in place.
/// </summary>
internal sealed class CredentialFiles
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly string _certificate;
    private readonly string _key;
    private readonly string _authority;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _lock = new();
    private Content _content;
    private Credentials _current;
    private long _looked;
    private string _complaint = "";

    private sealed record Content(string Certificate, string Key, string Authority);

    /// <exception cref="TransportException">A file is not there or not usable: one line with the fix.</exception>
    public CredentialFiles(string certificate, string key, string authority, TimeProvider time, ILogger log)
    {
        (_certificate, _key, _authority, _time, _log) = (certificate, key, authority, time, log);
        try
        {
            _content = ReadFiles();
            _current = Read(_content);
        }
        catch (Exception error) when (IsUnusable(error))
        {
            throw new TransportException(JoinStep.Tls, error.Message, inner: error);
        }
        _looked = time.GetTimestamp();
    }

    /// <summary>Of the node itself; the same after every reload.</summary>
    public PeerIdentity Identity => Volatile.Read(ref _current).Identity;

    /// <summary>What the next handshake uses.</summary>
    public Credentials Current
    {
        get
        {
            lock (_lock)
            {
                if (_time.GetElapsedTime(_looked) >= Fresh)
                    Look();
                return _current;
            }
        }
    }

    private void Look()
    {
        _looked = _time.GetTimestamp();
        try
        {
            Content content = ReadFiles();
            if (content == _content)
                return;
            Credentials fresh = Read(content);
            if (fresh.Identity != _current.Identity)
                throw new CryptographicException($"the new certificate is for {fresh.Identity}, this node is {_current.Identity}");
            (_content, _current, _complaint) = (content, fresh, "");
            TransportLog.Reloaded(_log, fresh.Identity.ToString(), fresh.NotAfter);
        }
        catch (Exception error) when (IsUnusable(error))
        {
            if (error.Message != _complaint)
                TransportLog.NotReloaded(_log, error.Message);
            _complaint = error.Message;
        }
    }

    private Content ReadFiles() => new(Text(_certificate, "TlsCert"), Text(_key, "TlsKey"), Text(_authority, "TlsCa"));

    private static Credentials Read(Content content) => Credentials.Read(content.Certificate, content.Key, content.Authority);

    private static string Text(string path, string option)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{option} '{path}' cannot be read: {error.Message}", error);
        }
    }

    private static bool IsUnusable(Exception error) => error is IOException or CryptographicException;
}
