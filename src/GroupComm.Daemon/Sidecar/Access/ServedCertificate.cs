using System;
using System.IO;
using System.Linq;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Sidecar.Access;

/// <summary>The certificate of HTTPS, read again a second after the last look when its files changed.</summary>
internal sealed class ServedCertificate
{
    private readonly string _certificate;
    private readonly string _key;
    private readonly Lock _lock = new();
    private (string Certificate, string Key) _texts;
    private SslStreamCertificateContext _context;
    private long _looked;

    /// <exception cref="UsageException">The files are not there, or do not fit.</exception>
    public ServedCertificate(string certificate, string key)
    {
        (_certificate, _key) = (certificate, key);
        try
        {
            _texts = ReadFiles();
            _context = Make(_texts);
        }
        catch (Exception error) when (IsUnusable(error))
        {
            throw new UsageException($"HttpCert (--http-cert) '{certificate}' and HttpKey (--http-key) '{key}' cannot be used: {error.Message}");
        }
        _looked = Environment.TickCount64;
    }

    /// <summary>For the next connection.</summary>
    public SslServerAuthenticationOptions Options
    {
        get
        {
            lock (_lock)
            {
                if (Environment.TickCount64 - _looked >= 1000)
                    Look();
                return new SslServerAuthenticationOptions { ServerCertificateContext = _context };
            }
        }
    }

    private void Look()
    {
        _looked = Environment.TickCount64;
        try
        {
            (string, string) texts = ReadFiles();
            if (texts != _texts)
                (_context, _texts) = (Make(texts), texts);
        }
        catch (Exception error) when (IsUnusable(error))
        {
            // Half written: the former one serves on.
        }
    }

    private (string, string) ReadFiles() => (File.ReadAllText(_certificate), File.ReadAllText(_key));

    private static SslStreamCertificateContext Make((string Certificate, string Key) texts)
    {
        using X509Certificate2 made = X509Certificate2.CreateFromPem(texts.Certificate, texts.Key);
        X509Certificate2Collection chain = [];
        chain.ImportFromPem(texts.Certificate);
        return SslStreamCertificateContext.Create(X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null), [.. chain.Skip(1)], offline: true);
    }

    private static bool IsUnusable(Exception error) => error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;
}
