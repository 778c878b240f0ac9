using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using GroupComm;

/// <summary>A name is put onto the shelf.</summary>
public sealed record Put(string Name);

/// <summary>A shelf for four names: a fifth pushes one off. Every replica must push off the same.</summary>
public class Shelf
{
    private const int Places = 4;

    protected HashSet<string> Names { get; private set; } = [];

    public ValueTask PutAsync(Put put, MessageContext context, CancellationToken ct)
    {
        if (Names.Count == Places && !Names.Contains(put.Name))
            Names.Remove(Oldest());
        Names.Add(put.Name);
        return ValueTask.CompletedTask;
    }

    // The defect: a hash set has no order. It looks as if it had one, until a name was removed at one replica,
    // and another replica got the same names as a state.
    protected virtual string Oldest() => Names.First();

    public async Task CaptureAsync(Stream to, CancellationToken ct)
    {
        using var writer = new StreamWriter(to, leaveOpen: true);
        await writer.WriteAsync(string.Join(',', Names.Order(StringComparer.Ordinal)));
    }

    public async Task RestoreAsync(Stream from, CancellationToken ct)
    {
        using var reader = new StreamReader(from, leaveOpen: true);
        string text = await reader.ReadToEndAsync(ct);
        Names = text.Length == 0 ? [] : [.. text.Split(',')];
    }

    public string Digest() => string.Join(' ', Names.Order(StringComparer.Ordinal));
}

/// <summary>Repaired: who goes depends on the names alone.</summary>
public sealed class RepairedShelf : Shelf
{
    protected override string Oldest() => Names.Min(StringComparer.Ordinal)!;
}
