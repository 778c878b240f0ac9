using System;
using System.Collections.Generic;
using System.Reflection;
using GroupComm.Core;
using GroupComm.Core.Messages;
using GroupComm.Core.Streams;
using GroupComm.Testing.Simulation;
using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Exploring;

/// <summary>What the search knows of the types in a core: which are values that never change, and so are shared by copies.</summary>
internal static class Shapes
{
    private static readonly HashSet<Type> Fixed =
    [
        typeof(string), typeof(NodeInfo), typeof(CoreOptions), typeof(ProtocolRules), typeof(CoreTimes), typeof(ViewValue), typeof(InstalledView), typeof(InstalledGroupView),
        typeof(SimNode), typeof(ProcessTrace), typeof(SimBlocks), typeof(SimBlock), typeof(GroupState), typeof(GroupChange),
    ];

    public static bool IsFixed(Type type) =>
        Fixed.Contains(type) || typeof(Message).IsAssignableFrom(type) || typeof(Type).IsAssignableFrom(type)
        || typeof(BlockSource).IsAssignableFrom(type) || IsComparer(type);

    /// <summary>Holds no reference to anything that may change.</summary>
    public static bool IsPlain(Type type)
    {
        if (type.IsPrimitive || type.IsEnum || type.IsPointer)
            return true;
        if (!type.IsValueType)
            return type.IsSealed && IsFixed(type);
        foreach (FieldInfo field in Fields(type))
            if (!IsPlain(field.FieldType))
                return false;
        return true;
    }

    public static IEnumerable<FieldInfo> Fields(Type type)
    {
        for (Type? t = type; t is not null && t != typeof(object) && t != typeof(ValueType); t = t.BaseType)
            foreach (FieldInfo field in t.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                yield return field;
    }

    private static bool IsComparer(Type type)
    {
        foreach (Type face in type.GetInterfaces())
            if (face.IsGenericType && (face.GetGenericTypeDefinition() == typeof(IComparer<>) || face.GetGenericTypeDefinition() == typeof(IEqualityComparer<>)))
                return true;
        return false;
    }
}
