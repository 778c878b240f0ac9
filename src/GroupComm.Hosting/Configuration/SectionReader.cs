using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Microsoft.Extensions.Configuration;

namespace GroupComm.Hosting.Configuration;

/// <summary>A key that was not understood.</summary>
/// <param name="Key">Its first part below the section.</param>
/// <param name="Text">What is wrong and what to do.</param>
internal sealed record Mistake(string Key, string Text);

/// <summary>
/// Sets the properties of option classes from a section. Every key must be understood: a misspelt one would otherwise leave
/// the default in place, and nobody would know.
/// </summary>
internal sealed class SectionReader(IConfigurationSection section)
{
    private const BindingFlags Public = BindingFlags.Public | BindingFlags.Instance;

    private readonly List<Mistake> _mistakes = [];

    public IReadOnlyList<Mistake> Mistakes => _mistakes;

    /// <summary>A key is understood when one of the targets has a property of that name; case does not count.</summary>
    public void ReadInto(params object[] targets) => Read(section, null, targets);

    /// <summary>The keys that are understood, in order.</summary>
    public static IEnumerable<string> KeysOf(params Type[] types) => types
        .SelectMany(type => type.GetProperties(Public)).Where(IsText).Select(property => property.Name).Order(StringComparer.Ordinal);

    private void Read(IConfigurationSection from, string? first, object[] targets)
    {
        foreach (IConfigurationSection child in from.GetChildren())
        {
            string key = first ?? child.Key;
            (object target, PropertyInfo? property) = Find(targets, child.Key);
            if (property is null)
                _mistakes.Add(new Mistake(key, $"{child.Path} is not an option{Nearest.Hint(child.Key, targets.SelectMany(each => KeysOf(each.GetType())))}"));
            else if (!IsText(property))
                _mistakes.Add(new Mistake(key, $"{child.Path} cannot be read from text; set it in code"));
            else if (property.GetValue(target) is IList<string> list && property.PropertyType == typeof(IList<string>))
                Fill(list, child);
            else if (TextValue.IsKnown(property.PropertyType))
                Set(target, property, child, key);
            else if (property.GetValue(target) is { } inner)
                Read(child, key, [inner]);
        }
    }

    private static (object Target, PropertyInfo? Property) Find(object[] targets, string key)
    {
        foreach (object target in targets)
            if (target.GetType().GetProperties(Public).FirstOrDefault(property => string.Equals(property.Name, key, StringComparison.OrdinalIgnoreCase)) is { } found)
                return (target, found);
        return (targets[0], null);
    }

    private void Set(object target, PropertyInfo property, IConfigurationSection child, string key)
    {
        if (child.Value is null)
            _mistakes.Add(new Mistake(key, $"{child.Path} has keys below it but is one value"));
        else if (TextValue.TryParse(property.PropertyType, child.Value, out object? value, out string expected))
            property.SetValue(target, value);
        else
            _mistakes.Add(new Mistake(key, $"{child.Path} is '{child.Value}': write {expected}"));
    }

    /// <summary>Keys 0, 1, 2…, or one text with commas, which is how an environment variable says it.</summary>
    private static void Fill(IList<string> list, IConfigurationSection child)
    {
        IEnumerable<string> texts = child.Value is { } one
            ? one.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : child.GetChildren().Select(item => item.Value ?? "");
        foreach (string text in texts)
            list.Add(text);
    }

    // Interfaces other than lists are parts, not values.
    private static bool IsText(PropertyInfo property) =>
        property.PropertyType == typeof(IList<string>) || (TextValue.IsKnown(property.PropertyType) && property.CanWrite) || IsGroupOfOptions(property.PropertyType);

    private static bool IsGroupOfOptions(Type type) =>
        type is { IsClass: true, IsAbstract: false } && type.Namespace == nameof(GroupComm) && type.Name.EndsWith("Options", StringComparison.Ordinal);
}
