using System.Linq;
using System.Threading.Tasks;
using GroupComm.Fuzz.Tests.Guards;
using GroupComm.Fuzz.Tests.Loop;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace GroupComm.Fuzz.Tests;

/// <summary>A test program that with <c>fuzz</c> as its first argument searches instead, with <c>guards</c> takes guards out (cake targets Fuzz and Guards).</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args) => args switch
    {
        ["fuzz", .. var rest] => FuzzCommand.Run(rest),
        ["guards", .. var rest] => GuardsCommand.Run(rest),
        _ when args.Any(arg => arg is "--server" or "--internal-msbuild-node") =>
            await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        _ => await ConsoleRunner.Run(args),
    };
}
