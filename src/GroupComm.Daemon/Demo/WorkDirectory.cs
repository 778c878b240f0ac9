using System;
using System.IO;

namespace GroupComm.Daemon.Demo;

/// <summary>Where traces go: the user's directory, or one that is removed at the end.</summary>
internal sealed class WorkDirectory : IDisposable
{
    private bool _keep;

    public WorkDirectory(string? kept)
    {
        _keep = kept is not null;
        Path = kept ?? Directory.CreateTempSubdirectory("groupcomm-demo-").FullName;
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    /// <summary>Something went wrong: whoever looks for the cause needs the files.</summary>
    public void Keep() => _keep = true;

    public string TraceOf(string node) => System.IO.Path.Combine(Path, $"{node}.jsonl");

    public void Dispose()
    {
        if (!_keep)
            Directory.Delete(Path, recursive: true);
    }
}
