using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.IO;
using System.Reflection;
using System.Security.Cryptography;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace GroupComm.Daemon.Sidecar.Page;

/// <summary>The live page: files that stand in the executable. It asks nothing of any other host, and its policy says so to the browser.</summary>
internal static class PageFiles
{
    private const string Prefix = "GroupComm.Daemon.Page.";

    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static readonly Lazy<FrozenDictionary<string, PageFile>> s_files = new(Load);

    /// <summary>Whether the one who asks is a browser; a program is told the paths instead.</summary>
    public static bool IsWanted(HttpRequest request) => request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it is the page or one of its files, which tell nothing of this node.</summary>
    public static bool IsAsked(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && ((request.Path == "/" && IsWanted(request)) || request.Path.StartsWithSegments("/page", StringComparison.Ordinal));

    public static Task AnswerAsync(HttpContext context, string name)
    {
        if (!s_files.Value.TryGetValue(name, out PageFile? file))
            throw new Problem(404, "unknown-path", $"the page has no file '{name}'", "open / in a browser");
        HttpResponse response = context.Response;
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        response.Headers.CacheControl = "no-cache"; // ask whether it changed: another version of the daemon may answer next time
        response.Headers.Vary = "Accept";
        response.Headers.ETag = file.Tag;
        if (context.Request.Headers.IfNoneMatch == file.Tag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        response.ContentType = file.Type;
        response.ContentLength = file.Bytes.Length;
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(file.Bytes, context.RequestAborted).AsTask();
    }

    private static FrozenDictionary<string, PageFile> Load()
    {
        Dictionary<string, PageFile> files = [];
        Assembly own = typeof(PageFiles).Assembly;
        foreach (string resource in own.GetManifestResourceNames())
        {
            if (!resource.StartsWith(Prefix, StringComparison.Ordinal))
                continue;
            using Stream stream = own.GetManifestResourceStream(resource)!;
            byte[] bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            files[resource[Prefix.Length..]] = new PageFile(TypeOf(resource), $"\"{Convert.ToHexString(SHA256.HashData(bytes).AsSpan(0, 8))}\"", bytes);
        }
        return files.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static string TypeOf(string name) => Path.GetExtension(name) switch
    {
        ".html" => "text/html; charset=utf-8",
        ".css" => "text/css; charset=utf-8",
        ".js" => "text/javascript; charset=utf-8",
        ".svg" => "image/svg+xml",
        string other => throw new InvalidOperationException($"no media type for {other}"),
    };

    private sealed record PageFile(string Type, string Tag, byte[] Bytes);
}
