using System;
using System.Collections.Generic;
using System.Reflection;
using System.Reflection.Emit;

namespace GroupComm.Testing.Exploring;

/// <summary>
/// Deep copies of a core, so that a search can go back. Whatever fields a core has or gets, they are copied: the code that
/// does it is made from the types. What never changes is shared (<see cref="Shapes"/>). One thread.
/// </summary>
internal sealed class Copier
{
    private static readonly Func<object, object> Shallow = typeof(object).GetMethod("MemberwiseClone", BindingFlags.Instance | BindingFlags.NonPublic)!.CreateDelegate<Func<object, object>>();
    private static readonly MethodInfo CopyAny = typeof(Copier).GetMethod(nameof(Any), BindingFlags.Instance | BindingFlags.NonPublic)!;

    private readonly Dictionary<Type, Action<Copier, object>?> _fixers = [];
    private readonly Dictionary<Type, Action<object, object>> _assigners = [];
    private readonly Dictionary<object, object> _done = new(ReferenceEqualityComparer.Instance);

    /// <summary>A copy of <paramref name="root"/>, though its type may be one that is otherwise shared.</summary>
    public T Copy<T>(T root)
        where T : class
    {
        _done.Clear();
        object copy = Shallow(root);
        _done.Add(root, copy);
        Fixer(root.GetType())?.Invoke(this, copy);
        return (T)copy;
    }

    /// <summary>Gives <paramref name="to"/> every field of <paramref name="from"/>.</summary>
    public void Assign<T>(T from, T to)
        where T : class
    {
        if (!_assigners.TryGetValue(typeof(T), out Action<object, object>? assign))
            _assigners.Add(typeof(T), assign = MakeAssigner(typeof(T)));
        assign(from, to);
    }

    private object? Any(object? value)
    {
        if (value is null)
            return null;
        Type type = value.GetType();
        if (Shapes.IsFixed(type))
            return value;
        if (_done.TryGetValue(value, out object? known))
            return known;
        if (value is Delegate code)
        {
            object made = code.Target is { } target && _done.TryGetValue(target, out object? moved) ? Delegate.CreateDelegate(type, moved, code.Method) : value;
            _done.Add(value, made);
            return made;
        }
        object copy = value is Array array ? array.Clone() : Shallow(value);
        _done.Add(value, copy);
        Fixer(type)?.Invoke(this, copy);
        return copy;
    }

    private Action<Copier, object>? Fixer(Type type)
    {
        if (_fixers.TryGetValue(type, out Action<Copier, object>? fixer))
            return fixer;
        fixer = type.IsArray ? MakeArrayFixer(type.GetElementType()!) : MakeFixer(type);
        _fixers[type] = fixer;
        return fixer;
    }

    private static Action<Copier, object>? MakeFixer(Type type)
    {
        var paths = new List<FieldInfo[]>();
        Paths(type, [], paths);
        if (paths.Count == 0)
            return null;
        var method = new DynamicMethod("fix", null, [typeof(Copier), typeof(object)], typeof(Copier), skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        foreach (FieldInfo[] path in paths)
            EmitFix(il, path, () =>
            {
                il.Emit(OpCodes.Ldarg_1);
                il.Emit(OpCodes.Castclass, type);
            });
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Action<Copier, object>>();
    }

    private delegate void RefFixer<T>(Copier copier, ref T value);

    private static Action<Copier, object>? MakeArrayFixer(Type element)
    {
        if (Shapes.IsPlain(element))
            return null;
        return (Action<Copier, object>)typeof(Copier).GetMethod(element.IsValueType ? nameof(StructsFixer) : nameof(ReferencesFixer), BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(element).Invoke(null, null)!;
    }

    private static Action<Copier, object> ReferencesFixer<T>()
        where T : class => static (copier, array) =>
    {
        foreach (ref T? each in ((T?[])array).AsSpan())
            each = (T?)copier.Any(each);
    };

    private static Action<Copier, object> StructsFixer<T>()
    {
        var paths = new List<FieldInfo[]>();
        Paths(typeof(T), [], paths);
        var method = new DynamicMethod("fix", null, [typeof(Copier), typeof(T).MakeByRefType()], typeof(Copier), skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        foreach (FieldInfo[] path in paths)
            EmitFix(il, path, () => il.Emit(OpCodes.Ldarg_1));
        il.Emit(OpCodes.Ret);
        RefFixer<T> fix = method.CreateDelegate<RefFixer<T>>();
        return (copier, array) =>
        {
            foreach (ref T each in ((T[])array).AsSpan())
                fix(copier, ref each);
        };
    }

    /// <summary>owner.a.b.c = copy of owner.a.b.c, where all but the last are structs.</summary>
    private static void EmitFix(ILGenerator il, FieldInfo[] path, Action loadOwner)
    {
        loadOwner();
        for (int i = 0; i + 1 < path.Length; i++)
            il.Emit(OpCodes.Ldflda, path[i]);
        il.Emit(OpCodes.Dup);
        il.Emit(OpCodes.Ldfld, path[^1]);
        LocalBuilder old = il.DeclareLocal(typeof(object));
        il.Emit(OpCodes.Stloc, old);
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldloc, old);
        il.Emit(OpCodes.Call, CopyAny);
        il.Emit(OpCodes.Castclass, path[^1].FieldType);
        il.Emit(OpCodes.Stfld, path[^1]);
    }

    private static void Paths(Type type, FieldInfo[] before, List<FieldInfo[]> paths)
    {
        foreach (FieldInfo field in Shapes.Fields(type))
        {
            if (Shapes.IsPlain(field.FieldType))
                continue;
            if (field.FieldType.IsValueType)
                Paths(field.FieldType, [.. before, field], paths);
            else
                paths.Add([.. before, field]);
        }
    }

    private static Action<object, object> MakeAssigner(Type type)
    {
        var method = new DynamicMethod("assign", null, [typeof(object), typeof(object)], typeof(Copier), skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        foreach (FieldInfo field in Shapes.Fields(type))
        {
            il.Emit(OpCodes.Ldarg_1);
            il.Emit(OpCodes.Castclass, type);
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Castclass, type);
            il.Emit(OpCodes.Ldfld, field);
            il.Emit(OpCodes.Stfld, field);
        }
        il.Emit(OpCodes.Ret);
        return method.CreateDelegate<Action<object, object>>();
    }
}
