using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using GroupComm.Testing.Traces;

namespace GroupComm.Containers.Tests.Cluster;

internal static class Histories
{
    /// <summary>All traces as they are now, read.</summary>
    public static async Task<History> HistoryAsync(this GroupCommCluster cluster, CancellationToken ct)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("groupcomm-history-");
        try
        {
            await cluster.CollectTracesAsync(folder.FullName, ct);
            return Read(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public static History Read(string folder)
    {
        History history = new();
        TraceReader reader = new(history);
        string[] files = Directory.GetFiles(folder, "n*.jsonl");
        Array.Sort(files, StringComparer.Ordinal);
        foreach (string file in files)
            reader.Read(file);
        return history;
    }
}
