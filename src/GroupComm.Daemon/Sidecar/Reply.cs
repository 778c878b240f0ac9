using System;
using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace GroupComm.Daemon.Sidecar;

/// <summary>Answers in JSON.</summary>
internal static class Reply
{
    /// <summary>Quotes and letters of all languages as they are: this is no HTML.</summary>
    public static readonly JsonWriterOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Bytes(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    public static Task JsonAsync(HttpContext context, int status, Action<Utf8JsonWriter> write, string type = "application/json")
    {
        byte[] body = [.. Bytes(write), (byte)'\n']; // for people at a terminal
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        context.Response.Headers.CacheControl = "no-store";
        return HttpMethods.IsHead(context.Request.Method) ? Task.CompletedTask : context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    public static Task ProblemAsync(HttpContext context, Problem problem)
    {
        if (problem.RetryAfter > 0)
            context.Response.Headers.RetryAfter = problem.RetryAfter.ToString(CultureInfo.InvariantCulture);
        if (problem.Allow is not null)
            context.Response.Headers.Allow = problem.Allow;
        return JsonAsync(context, problem.Status, json =>
        {
            json.WriteString("type", "about:blank");
            json.WriteString("title", Title(problem.Status));
            json.WriteNumber("status", problem.Status);
            json.WriteString("code", problem.Code);
            json.WriteString("detail", problem.Message);
            json.WriteString("fix", problem.Fix);
        }, "application/problem+json");
    }

    private static string Title(int status) => Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status);
}
