using System;
using System.Buffers;
using System.IO;
using System.Text;
using System.Text.Json;

namespace GroupComm.Daemon.CommandLine;

/// <summary>One JSON object on one line, for scripts.</summary>
internal static class Json
{
    public static void Write(TextWriter output, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Sidecar.Reply.Readable))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        output.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }
}
