// Asks for every type of the kit: each room that it was built with must come with the packages, in the same version.
using System;
using System.Reflection;

Assembly kit = Assembly.Load("GroupComm.Testing");
Console.WriteLine($"{kit.GetTypes().Length} types of the kit");
foreach (AssemblyName room in kit.GetReferencedAssemblies())
    if (Assembly.Load(room).GetName().Version != room.Version)
        throw new InvalidOperationException($"{room} came in another version");
