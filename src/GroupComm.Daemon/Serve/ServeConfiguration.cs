using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using GroupComm.Daemon.CommandLine;
using GroupComm.Hosting.Configuration;
using GroupComm.Runtime.Node;
using Microsoft.Extensions.Configuration;

namespace GroupComm.Daemon.Serve;

/// <summary>
/// Settings from a file, the environment and flags, each before the next, read by the one reader and judged by the one check that
/// hosts use too. A list of a later layer replaces that of an earlier one.
/// </summary>
internal static class ServeConfiguration
{
    public const string Section = "GroupComm";
    public const string Prefix = "GROUPCOMM__";

    public static (GroupCommOptions Options, ServeSettings Settings) Read(
        string? file, IDictionary environment, IReadOnlyDictionary<string, string?> flags)
    {
        GroupCommOptions options = new();
        ServeSettings settings = new();
        List<string> mistakes = [];
        if (file is not null)
            Apply(File(file), $"{file}: ", options, settings, mistakes);
        Apply(Layer(Variables(environment)), "environment, GROUPCOMM__…: ", options, settings, mistakes);
        Apply(Layer(flags), "", options, settings, mistakes);
        if (mistakes.Count > 0)
            throw new UsageException(WithFlags(string.Join("; ", mistakes)));
        try
        {
            _ = new NodePlan(options);
        }
        catch (JoinException error) when (error.Step == JoinStep.Options)
        {
            throw new UsageException(WithFlags(error.Message));
        }
        return (options, settings);
    }

    /// <summary>Says beside each key how it is written on the command line.</summary>
    private static string WithFlags(string text)
    {
        foreach (ServeKey key in ServeKeys.All)
            if (key.Flag is not null)
                text = Regex.Replace(text, $@"\b{key.Key}\b", $"{key.Key} ({key.Flag})");
        return text;
    }

    private static void Apply(IConfiguration layer, string where, GroupCommOptions options, ServeSettings settings, List<string> mistakes)
    {
        IConfigurationSection section = layer.GetSection(Section);
        if (section.GetSection(nameof(options.Seeds)).Exists())
            options.Seeds.Clear();
        SectionReader reader = new(section);
        reader.ReadInto(options, settings);
        mistakes.AddRange(reader.Mistakes.Select(mistake => where + mistake.Text));
    }

    private static IConfigurationRoot File(string path)
    {
        try
        {
            IConfigurationRoot root = new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(path), optional: false).Build();
            return root.GetSection(Section).Exists() ? root : throw new UsageException($"--config {path} has no section \"{Section}\": write {{\"{Section}\": {{\"Name\": \"n1\"}}}}");
        }
        catch (FileNotFoundException)
        {
            throw new UsageException($"--config {path} is not there");
        }
        catch (Exception error) when (error is InvalidDataException or JsonException or FormatException)
        {
            throw new UsageException($"--config {path} is not JSON: {(error.InnerException ?? error).Message}");
        }
    }

    private static Dictionary<string, string?> Variables(IDictionary environment)
    {
        Dictionary<string, string?> found = new(StringComparer.OrdinalIgnoreCase);
        foreach (DictionaryEntry entry in environment)
            if (entry.Key is string name && name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
                found[name[Prefix.Length..].Replace("__", ":", StringComparison.Ordinal)] = (string?)entry.Value;
        return found;
    }

    private static IConfigurationRoot Layer(IReadOnlyDictionary<string, string?> values) =>
        new ConfigurationBuilder().AddInMemoryCollection(values.Select(value => KeyValuePair.Create($"{Section}:{value.Key}", value.Value))).Build();
}
