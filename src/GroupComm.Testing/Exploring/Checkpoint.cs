using System.Collections.Generic;
using System.IO;

namespace GroupComm.Testing.Exploring;

/// <summary>A search that ended early, in a file: the states seen and the path on which it stood.</summary>
internal static class Checkpoint
{
    private const string Header = "groupcomm-explore 1";

    public static void Write(string file, ExplorePlan plan, SeenSet seen, List<int> path, ExploreResult result)
    {
        string part = file + ".part";
        using (var to = new BinaryWriter(File.Create(part)))
        {
            to.Write(Header);
            to.Write(plan.Identity);
            to.Write(result.Steps);
            to.Write(result.Ends);
            to.Write(result.CutOff);
            to.Write(result.Deepest);
            to.Write(result.Seconds);
            to.Write(path.Count);
            foreach (int at in path)
                to.Write(at);
            to.Write(seen.Count);
            seen.CopyTo(to.Write);
        }
        File.Move(part, file, overwrite: true);
    }

    /// <exception cref="InvalidDataException">The file is of another search, or no such file.</exception>
    public static void Read(string file, ExplorePlan plan, SeenSet seen, List<int> path, ExploreResult result)
    {
        using var from = new BinaryReader(File.OpenRead(file));
        if (from.ReadString() != Header)
            throw new InvalidDataException($"{file} holds no search");
        string identity = from.ReadString();
        if (identity != plan.Identity)
            throw new InvalidDataException($"{file} holds another search: {identity}; name another file, or the same bounds");
        (result.Steps, result.Ends, result.CutOff, result.Deepest, result.Seconds) = (from.ReadInt64(), from.ReadInt64(), from.ReadInt64(), from.ReadInt32(), from.ReadDouble());
        for (int count = from.ReadInt32(); count > 0; count--)
            path.Add(from.ReadInt32());
        for (long count = from.ReadInt64(); count > 0; count--)
            seen.Add(from.ReadUInt64());
    }
}
