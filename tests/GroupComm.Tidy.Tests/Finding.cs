namespace GroupComm.Tidy.Tests;

/// <summary>One place that breaks a rule. Line 0 means the file as a whole.</summary>
internal readonly record struct Finding(string File, int Line, string What)
{
    public override string ToString() => Line > 0 ? $"{File}:{Line}: {What}" : $"{File}: {What}";
}
