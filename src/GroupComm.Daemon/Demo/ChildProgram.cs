using System;
using System.Diagnostics;
using System.IO;

namespace GroupComm.Daemon.Demo;

/// <summary>How this executable starts itself: directly, or through the muxer when it runs as <c>dotnet groupcomm.dll</c>.</summary>
internal static class ChildProgram
{
    public static ProcessStartInfo Command(params ReadOnlySpan<string> arguments)
    {
        var start = new ProcessStartInfo
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        string self = Environment.ProcessPath ?? "groupcomm";
        string assembly = typeof(ChildProgram).Assembly.Location;
        bool isApp = string.Equals(Path.GetFileNameWithoutExtension(self), "groupcomm", StringComparison.OrdinalIgnoreCase) || assembly.Length == 0;
        bool isMuxer = string.Equals(Path.GetFileNameWithoutExtension(self), "dotnet", StringComparison.OrdinalIgnoreCase);
        start.FileName = isApp || isMuxer ? self : "dotnet";
        if (!isApp)
            start.ArgumentList.Add(assembly);
        foreach (string argument in arguments)
            start.ArgumentList.Add(argument);
        return start;
    }
}
