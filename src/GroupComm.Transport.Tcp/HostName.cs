using System;
using System.Globalization;

namespace GroupComm.Transport;

/// <summary>What may stand before the colon of an endpoint: a DNS name (underscores allowed, container networks use them)
/// or a dotted IPv4 address. Stricter than the framework, which reads <c>10.1</c> and <c>010.0.0.1</c> as other addresses.</summary>
internal static class HostName
{
    private const int MaxLength = 253;
    private const int MaxLabel = 63;

    /// <summary>Checks a lower-case host.</summary>
    public static bool IsValid(string host, out string wrong)
    {
        wrong = host switch
        {
            "" => "the host is missing",
            "*" or "+" => "write 0.0.0.0 or [::] for all addresses",
            { Length: > MaxLength } => "the host is longer than 253 characters",
            _ => "",
        };
        if (wrong.Length > 0)
            return false;

        string[] labels = host.Split('.');
        if (IsNumber(labels[^1]))
        {
            wrong = labels.Length == 4 && Array.TrueForAll(labels, IsOctet) ? "" : "an IPv4 address has four numbers from 0 to 255";
            return wrong.Length == 0;
        }

        wrong = Array.TrueForAll(labels, IsLabel) ? "" : "a host has letters, digits, hyphens and dots only";
        return wrong.Length == 0;
    }

    private static bool IsNumber(string label) => label.Length > 0 && !label.AsSpan().ContainsAnyExceptInRange('0', '9');

    private static bool IsOctet(string label) =>
        label.Length <= 3 && IsNumber(label) && (label.Length == 1 || label[0] != '0') && int.Parse(label, CultureInfo.InvariantCulture) <= 255;

    private static bool IsLabel(string label)
    {
        if (label.Length is 0 or > MaxLabel || label[0] == '-' || label[^1] == '-')
            return false;
        foreach (char c in label)
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
                return false;
        return true;
    }
}
