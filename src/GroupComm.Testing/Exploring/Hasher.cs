using System;
using System.Collections;
using System.Collections.Generic;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.InteropServices;
using GroupComm.Core.Messages;
using GroupComm.Testing.Simulation;
using GroupComm.Testing.Traces;

namespace GroupComm.Testing.Exploring;

/// <summary>
/// A 64-bit hash over everything that a core knows, so that a search sees a state once. Lists count by what is in them, not by
/// how they came to hold it; sets without order count without order. Two states that differ and hash alike would hide one
/// of them: with N states the chance is about N² / 2^65. One thread.
/// </summary>
internal sealed class Hasher
{
    private const int KeptMessages = 1 << 20;

    private static readonly MethodInfo AddNumber = typeof(Hasher).GetMethod(nameof(Number), BindingFlags.Instance | BindingFlags.Public)!;
    private static readonly MethodInfo AddAny = typeof(Hasher).GetMethod(nameof(Any), BindingFlags.Instance | BindingFlags.Public)!;

    private readonly Dictionary<Type, Action<Hasher, object>> _walkers = [];
    private readonly Dictionary<Message, ulong> _messages = new(ReferenceEqualityComparer.Instance);
    private ulong _hash;

    public void Begin() => _hash = 14695981039346656037;

    public ulong End()
    {
        ulong z = _hash;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public void Number(long value)
    {
        _hash = (_hash ^ (ulong)value) * 0x9E3779B97F4A7C15;
        _hash ^= _hash >> 29;
    }

    /// <summary>A node's own fields, though other nodes that it points to count only by their place.</summary>
    public void Root(object value) => Walker(value.GetType())(this, value);

    public void Any(object? value)
    {
        switch (value)
        {
            case null:
                Number(-7);
                return;
            case string text:
                Number(text.Length);
                foreach (char c in text)
                    Number(c);
                return;
            case SimNode node:
                Number(node.Index);
                return;
            case Message message:
                Number((long)Of(message));
                return;
            case Delegate or Type or ProcessTrace or BlockSource:
                return; // code, and what the search hashes itself
        }
        Walker(value.GetType())(this, value);
    }

    /// <summary>Messages never change: each is hashed once.</summary>
    public ulong Of(Message message)
    {
        if (_messages.TryGetValue(message, out ulong known))
            return known;
        ulong outer = _hash;
        Begin();
        Walker(message.GetType())(this, message);
        ulong hash = End();
        _hash = outer;
        if (_messages.Count >= KeptMessages)
            _messages.Clear();
        _messages.Add(message, hash);
        return hash;
    }

    private Action<Hasher, object> Walker(Type type)
    {
        if (!_walkers.TryGetValue(type, out Action<Hasher, object>? walker))
            _walkers[type] = walker = Make(type);
        return walker;
    }

    private static Action<Hasher, object> Make(Type type)
    {
        if (type.IsArray)
            return Generic(nameof(Array), type.GetElementType()!);
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>))
            return Generic(nameof(ListOf), type.GetGenericArguments()[0]);
        if (typeof(IEnumerable).IsAssignableFrom(type) && type.Namespace?.StartsWith("System.Collections", StringComparison.Ordinal) != false) // the compiler's own lists have none
            foreach (Type face in type.GetInterfaces())
                if (face.IsGenericType && face.GetGenericTypeDefinition() == typeof(IEnumerable<>))
                    return Generic(IsOrdered(type) ? nameof(Sequence) : nameof(Heap), face.GetGenericArguments()[0]);
        return MakeFields(type);
    }

    private static bool IsOrdered(Type type) =>
        !type.IsGenericType || (type.GetGenericTypeDefinition() != typeof(Dictionary<,>) && type.GetGenericTypeDefinition() != typeof(HashSet<>));

    private static Action<Hasher, object> Generic(string name, Type element) =>
        (Action<Hasher, object>)typeof(Hasher).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!.MakeGenericMethod(element).Invoke(null, null)!;

    private delegate void RefWalker<T>(Hasher hasher, ref T value);

    private static Action<Hasher, object> Array<T>()
    {
        RefWalker<T> walk = Element<T>();
        return (hasher, value) => Span(hasher, (T[])value, walk);
    }

    private static Action<Hasher, object> ListOf<T>()
    {
        RefWalker<T> walk = Element<T>();
        return (hasher, value) => Span(hasher, CollectionsMarshal.AsSpan((List<T>)value), walk);
    }

    private static void Span<T>(Hasher hasher, Span<T> span, RefWalker<T> walk)
    {
        hasher.Number(span.Length);
        foreach (ref T each in span)
            walk(hasher, ref each);
    }

    private static Action<Hasher, object> Sequence<T>()
    {
        RefWalker<T> walk = Element<T>();
        return (hasher, value) =>
        {
            foreach (T each in (IEnumerable<T>)value)
            {
                T copy = each;
                walk(hasher, ref copy);
            }
            hasher.Number(-11);
        };
    }

    private static Action<Hasher, object> Heap<T>()
    {
        RefWalker<T> walk = Element<T>();
        return (hasher, value) =>
        {
            ulong outer = hasher._hash, sum = 0;
            foreach (T each in (IEnumerable<T>)value)
            {
                T copy = each;
                hasher.Begin();
                walk(hasher, ref copy);
                sum += hasher.End();
            }
            hasher._hash = outer;
            hasher.Number((long)sum);
        };
    }

    private static RefWalker<T> Element<T>()
    {
        var method = new DynamicMethod("hash", null, [typeof(Hasher), typeof(T).MakeByRefType()], typeof(Hasher), skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        if (typeof(T).IsPrimitive || typeof(T).IsEnum || !typeof(T).IsValueType)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Ldobj, typeof(T));
            EmitLeaf(il, typeof(T));
        }
        else
        {
            EmitFields(il, typeof(T), [], () => il.Emit(OpCodes.Ldarg_1));
        }
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<RefWalker<T>>();
    }

    private static Action<Hasher, object> MakeFields(Type type)
    {
        var method = new DynamicMethod("hash", null, [typeof(Hasher), typeof(object)], typeof(Hasher), skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        EmitFields(il, type, [], () =>
        {
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(type.IsValueType ? OpCodes.Unbox : OpCodes.Castclass, type);
        });
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Action<Hasher, object>>();
    }

    private static void EmitFields(ILGenerator il, Type type, FieldInfo[] before, Action loadOwner)
    {
        foreach (FieldInfo field in Shapes.Fields(type))
        {
            FieldInfo[] path = [.. before, field];
            if (field.FieldType.IsValueType && !field.FieldType.IsPrimitive && !field.FieldType.IsEnum)
            {
                EmitFields(il, field.FieldType, path, loadOwner);
                continue;
            }
            il.Emit(OpCodes.Ldarg_0);
            loadOwner();
            for (int i = 0; i + 1 < path.Length; i++)
                il.Emit(OpCodes.Ldflda, path[i]);
            il.Emit(OpCodes.Ldfld, field);
            EmitLeaf(il, field.FieldType);
        }
    }

    private static void EmitLeaf(ILGenerator il, Type type)
    {
        if (type.IsValueType)
            il.Emit(OpCodes.Conv_I8);
        il.Emit(OpCodes.Call, type.IsValueType ? AddNumber : AddAny);
    }
}
