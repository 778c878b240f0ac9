using System;
using System.Collections.Generic;
using System.Linq;
using GroupComm.Daemon.CommandLine;
using GroupComm.Hosting.Configuration;
using Microsoft.AspNetCore.Http;

namespace GroupComm.Daemon.Sidecar;

/// <summary>Reads what stands behind the question mark; a misspelt name is no silent default.</summary>
internal static class Query
{
    private static readonly TimeSpan s_longest = TimeSpan.FromMinutes(10);

    public static void Allow(HttpRequest request, params string[] known)
    {
        foreach (string name in request.Query.Keys)
            if (!known.Contains(name, StringComparer.Ordinal))
                throw Problem.Bad("unknown-parameter", $"'{name}' is no parameter here", known.Length == 0 ? "leave it out" : $"use {string.Join(", ", known)}");
    }

    public static DeliveryOrder Order(HttpRequest request)
    {
        string text = Text(request, "order") ?? "agreed";
        int at = Array.IndexOf(Orders.Names, text);
        return at >= 0 ? (DeliveryOrder)(at + 1) : throw Problem.Bad("unknown-order", $"order '{text}' is unknown; nothing was sent", $"use one of {string.Join(", ", Orders.Names)}");
    }

    public static Stage Wait(HttpRequest request) => Text(request, "wait") switch
    {
        null or "delivered" => Stage.Delivered,
        "accepted" => Stage.Accepted,
        "safe" => Stage.Safe,
        "durable" => throw Problem.Bad("not-durable", "the group is not durable: it keeps messages in memory; nothing was sent", "use wait=safe"),
        string text => throw Problem.Bad("unknown-stage", $"wait '{text}' is unknown; nothing was sent", "use one of accepted, delivered, safe"),
    };

    public static TimeSpan Time(HttpRequest request, string name, TimeSpan usual)
    {
        if (Text(request, name) is not { } text)
            return usual;
        return TextValue.TryParse(typeof(TimeSpan), text, out object? value, out _) && value is TimeSpan time && time >= TimeSpan.Zero && time <= s_longest
            ? time
            : throw Problem.Bad($"bad-{name}", $"{name} '{text}' is not a time of up to 10 minutes", "write a time with its unit, for example 500ms or 5s");
    }

    public static int Count(HttpRequest request, string name, int usual, int most) => Text(request, name) is not { } text ? usual
        : int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int count) && count >= 1 && count <= most ? count
        : throw Problem.Bad($"bad-{name}", $"{name} '{text}' is not a number from 1 to {most}", "correct it");

    public static bool Flag(HttpRequest request, string name) => Text(request, name) switch
    {
        null or "false" => false,
        "true" => true,
        string text => throw Problem.Bad($"bad-{name}", $"{name} '{text}' is neither true nor false", "correct it"),
    };

    public static string? Member(HttpRequest request) => Text(request, "member") is not { } name ? null
        : NodeId.IsValidName(name) ? name
        : throw Problem.Bad("bad-member", $"'{name}' is not a member name", "use 1 to 64 of A-Z a-z 0-9 . _ -");

    public static string? Text(HttpRequest request, string name) => request.Query.TryGetValue(name, out var values) switch
    {
        false => null,
        true when values.Count > 1 => throw Problem.Bad("twice", $"'{name}' is given {values.Count} times", "give it once"),
        _ => values[0],
    };
}

/// <summary>How far a message has come.</summary>
internal enum Stage
{
    Accepted,
    Delivered,
    Safe,
}
