using System;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Threading;
using GroupComm.Core;
using GroupComm.Wire;

namespace GroupComm.Runtime.Node;

/// <summary>
/// Compiles the protocol and the wire before they are needed, once in a process and beside everything else: the code of a
/// view change first runs when a node has died, and a just-in-time compiler would then cost the survivors tens of
/// milliseconds (docs/decisions/0013).
/// </summary>
internal static class WarmUp
{
    private static int s_begun;

    public static void Begin()
    {
        if (!RuntimeFeature.IsDynamicCodeCompiled || Interlocked.Exchange(ref s_begun, 1) != 0)
            return;
        new Thread(Run) { IsBackground = true, Priority = ThreadPriority.BelowNormal, Name = "GroupComm warm-up" }.Start();
    }

    private static void Run()
    {
        foreach (Assembly room in (ReadOnlySpan<Assembly>)[typeof(NodeCore).Assembly, typeof(FrameEncoder).Assembly, typeof(WarmUp).Assembly])
            foreach (Type type in room.GetTypes())
                if (!type.ContainsGenericParameters && !type.IsSubclassOf(typeof(Delegate))) // those are the runtime's own code
                    Prepare(type);
    }

    private static void Prepare(Type type)
    {
        const BindingFlags Own = BindingFlags.DeclaredOnly | BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        foreach (MethodInfo method in type.GetMethods(Own))
            if (!method.IsAbstract && !method.ContainsGenericParameters)
                RuntimeHelpers.PrepareMethod(method.MethodHandle);
        foreach (ConstructorInfo constructor in type.GetConstructors(Own))
            if (!constructor.IsStatic)
                RuntimeHelpers.PrepareMethod(constructor.MethodHandle);
    }
}
