using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using GroupComm.Testing.Laws;
using GroupComm.Testing.Traces;

namespace GroupComm.Fuzz.Tests.Decoders;

/// <summary>Trace files, and the laws over what they say: whoever judges a trace need not have written it.</summary>
internal sealed class TraceFiles : Decoder
{
    private readonly LawChecker _checker = new();
    private History? _history;

    public override string Name => "trace-files";

    public override IReadOnlyList<string> Assemblies => ["GroupComm.Testing"];

    // Some 130 bytes an event, and what names a process takes, in tables that double; an exception with its stack comes on top.
    public override long Bound(int length) => (32 << 10) + (128L * length);

    public override IReadOnlyList<byte[]> Words => Texts(
        "\"ev\":\"", "\"node\":\"n1\"", "\"inc\":1", "\"view\":", "\"gview\":\"4.2\"", "\"group\":\"g\"", "\"member\":\"a\"", "\"members\":[", "\"transitional\":[", "\"left\":[{\"node\":\"n1#1\"}]",
        "\"id\":\"n1#17:4:12\"", "\"order\":\"safe\"", "\"hash\":\"9f\"", "\"pos\":", "\"num\":", "\"primary\":true", "null", "true", "[[[[[[[[[[[[[[[[[[[[", "{\"a\":{\"a\":{\"a\":", "9223372036854775807",
        "-9223372036854775808", "18446744073709551616", "1e999", "\\u0000", "\\ud800", "\\", "\"", "}\n{", "\n", "n2#9", "stop", "excluded", "start", "send", "deliver", "groupview", "ack", "read", "state",
        "wedge", "suspect", "leave", "untraced");

    public override IEnumerable<byte[]> Seeds() => Texts(
        """
        {"ev":"start","node":"n1","inc":17,"n":1,"t":81,"cluster":"shop","version":"0.1.0"}
        {"ev":"view","node":"n1","inc":17,"view":4,"primary":true,"members":["n1#17","n2#9"],"transitional":["n1#17"],"left":[{"node":"n3#4","reason":"gone"}]}
        {"ev":"groupview","node":"n1","inc":17,"group":"g","view":4,"gview":"4.2","members":["n1#17/a","n2#9/b"],"reason":"join","token":"00000000000000000000000000000001"}
        {"ev":"send","node":"n1","inc":17,"group":"g","member":"a","id":"n1#17:4:12","order":"causal","view":4,"gview":"4.2","key":null,"hash":"9f3c"}
        {"ev":"deliver","node":"n1","inc":17,"group":"g","member":"a","id":"n1#17:4:12","order":"causal","view":4,"gview":"4.2","pos":1,"num":7,"hash":"9f3c"}

        """,
        """
        {"ev":"view","node":"n2","inc":9,"view":4,"primary":true,"members":["n1#17","n2#9"],"epoch":5}
        {"ev":"ack","node":"n2","inc":9,"id":"n2#9:4:1","stage":"safe"}
        {"ev":"wedge","node":"n2","inc":9,"view":4}
        {"ev":"state","node":"n2","inc":9,"group":"g","gview":"4.2","digest":"01","role":"joiner","of":"n1#17"}
        {"ev":"read","node":"n2","inc":9,"group":"g","member":"b","begin":123,"end":456,"pos":31}
        {"ev":"primary","node":"n2","inc":9,"value":false,"reason":"cut"}
        {"ev":"excluded","node":"n2","inc":9,"view":5}
        {"ev":"leave","node":"n2","inc":9,"group":"g","member":"b"}
        {"ev":"suspect","node":"n2","inc":9,"of":"n1#17","reason":"silent"}
        {"ev":"untraced","node":"n2","inc":9}
        {"ev":"stop","node":"n2","inc":9}

        """,
        """{"ev":"fault","t":5,"of":"n1"}""");

    public override bool Decode(ReadOnlySpan<byte> input)
    {
        _history = new History();
        try
        {
            HarnessTrace.Read(new MemoryStream(input.ToArray()), "harness");
        }
        catch (Exception error) when (IsRefusal(error))
        {
            // As groupcomm check does.
        }
        try
        {
            new TraceReader(_history).Read(new MemoryStream(input.ToArray()), "trace");
            return true;
        }
        catch (Exception error) when (IsRefusal(error))
        {
            _history = null;
            return false;
        }
    }

    public override void Judge()
    {
        if (_history is not { EventCount: > 0 })
            return;
        Verdict verdict = _checker.Check(_history);
        _checker.CountReordering();
        if (!verdict.Ok)
            verdict.Explain(_history);
    }

    private static bool IsRefusal(Exception error) =>
        error is IOException or UnauthorizedAccessException or TraceFormatException or ArgumentException or OverflowException or NotSupportedException;
}
