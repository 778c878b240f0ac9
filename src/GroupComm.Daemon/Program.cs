using System;
using System.Text;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon;

internal static class Program
{
    private static int Main(string[] args)
    {
        // Machines read this output: no byte order mark, and the same on every platform.
        Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        return Cli.Run(args, Console.Out, Console.Error);
    }
}
