using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;

namespace GroupComm.Fuzz.Tests.Decoders;

/// <summary>
/// Something that reads bytes of somebody else. Whatever they are, it reads them or refuses them in its own declared way, soon,
/// and takes no more memory than it states. One thread at a time; what it keeps between inputs, the product keeps too.
/// </summary>
internal abstract class Decoder
{
    private static readonly string s_here = Folder();

    /// <summary>Every decoder, in an order that stays.</summary>
    public static IReadOnlyList<Decoder> All() =>
    [
        new PeerFrames(), new PeerHandshakes(), new PeerStreams(), new GatewayFrames(), new HttpRequests(), new TraceFiles(), new CertificateNames(),
        new TypedMessages(), new Identifiers(),
    ];

    public static Decoder Named(string name) =>
        All().Append(new Canary()).FirstOrDefault(each => each.Name == name)
        ?? throw new ArgumentException($"no decoder '{name}'; there are {string.Join(", ", All().Select(each => each.Name))}");

    public abstract string Name { get; }

    /// <summary>Assemblies whose branches guide the search.</summary>
    public abstract IReadOnlyList<string> Assemblies { get; }

    /// <summary>Bytes that an input of a given length may make it allocate at most.</summary>
    public abstract long Bound(int length);

    /// <summary>Longer inputs are not tried.</summary>
    public virtual int MaxLength => 2048;

    /// <summary>Inputs that it reads, one of every form.</summary>
    public abstract IEnumerable<byte[]> Seeds();

    /// <summary>Pieces that a mutation may put in.</summary>
    public virtual IReadOnlyList<byte[]> Words => [];

    /// <summary>True when the input is read, false when it is refused. Anything else is a finding.</summary>
    public abstract bool Decode(ReadOnlySpan<byte> input);

    /// <summary>What must hold of the input that was just read; throws if it does not.</summary>
    public virtual void Judge()
    {
    }

    protected static IReadOnlyList<byte[]> Texts(params string[] texts) => [.. texts.Select(Encoding.UTF8.GetBytes)];

    protected static string Vectors(string folder) => Path.Combine(s_here, "../../../interop/vectors", folder);

    private static string Folder([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
