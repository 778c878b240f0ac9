using System.Diagnostics;
using System.Threading.Tasks;
using GroupComm.Daemon.Tests;
using Xunit;

namespace GroupComm.Interop.Tests;

/// <summary>Each language's own tests of its codec against the vectors.</summary>
public sealed class VectorTests
{
    [Fact]
    public Task Python_reads_and_writes_every_vector() => PassesAsync(new Language("python", "python3", ["-m", "unittest", "discover", "python/tests"], ""));

    [Fact]
    public Task Node_reads_and_writes_every_vector() => PassesAsync(new Language("node", "node", ["--test", "node/test/vectors.test.js"], ""));

    [Fact]
    public Task Java_reads_and_writes_every_vector() => PassesAsync(new Language("java", "java", ["-cp", "java/bin", "groupcomm.Tests", "vectors"], "", Language.Javac));

    /// <summary>Also its tests against a daemon of their own, and a second of changed frames.</summary>
    [Fact]
    public Task C_reads_and_writes_every_vector() => PassesAsync(new Language("c", "make", ["-s", "-C", "c", "check"], "", Compiler: "cc"));

    private static async Task PassesAsync(Language language)
    {
        language.Require();
        await language.PrepareAsync();
        await using Child child = Child.Start(language.Start());
        Process process = child.Process;
        process.StandardInput.Close();
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await output + await error);
    }
}
