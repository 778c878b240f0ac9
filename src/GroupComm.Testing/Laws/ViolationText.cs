using System.Runtime.CompilerServices;
using System.Text;

namespace GroupComm.Testing.Laws;

/// <summary>The words of a violation, built only while the verdict still keeps words; the violation counts either way.</summary>
[InterpolatedStringHandler]
internal ref struct ViolationText
{
    private readonly StringBuilder? _text;

    public ViolationText(int literalLength, int formattedCount, Law law, Verdict verdict, out bool wanted)
    {
        verdict.Count(law.Place, out wanted);
        _text = wanted ? new StringBuilder(literalLength + (formattedCount * 12)) : null;
    }

    public readonly bool Wanted => _text is not null;

    public readonly void AppendLiteral(string value) => _text!.Append(value);

    public readonly void AppendFormatted<T>(T value) =>
        _text!.Append(System.Globalization.CultureInfo.InvariantCulture, $"{value}");

    public readonly string ToText() => _text!.ToString();
}
