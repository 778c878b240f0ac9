using GroupComm.Core.Messages;

namespace GroupComm.Wire;

/// <summary>The group table as a joiner of the cluster gets it.</summary>
internal static class GroupTableCodec
{
    private const int LeastGroup = 8;
    private const int LeastMember = 5;

    public static void Write(WireWriter writer, GroupTableState? table)
    {
        if (table is null)
        {
            writer.Nil();
            return;
        }
        writer.Array(3);
        writer.Int(table.NextNumber);
        writer.Int(table.HighestView);
        writer.Array(table.Groups.Count);
        foreach (GroupState group in table.Groups)
            WriteGroup(writer, group);
    }

    public static GroupTableState? Read(ref WireReader reader)
    {
        if (!reader.BeginNullable(out int saved))
            return null;
        int nextNumber = reader.Int32();
        long highestView = reader.Number();
        int list = reader.BeginList(out int count, int.MaxValue, LeastGroup);
        GroupState[] groups = count == 0 ? [] : new GroupState[count];
        for (int i = 0; i < groups.Length && !reader.Failed; i++)
            groups[i] = ReadGroup(ref reader);
        reader.End(list);
        reader.End(saved);
        return new GroupTableState(nextNumber, highestView, groups);
    }

    public static void WriteTraits(WireWriter writer, GroupTraits? traits)
    {
        if (traits is null)
        {
            writer.Nil();
            return;
        }
        writer.Array(traits.StartEmpty ? 3 : 2);
        writer.Bool(traits.Open);
        writer.Bool(traits.AgreedOnly);
        if (traits.StartEmpty)
            writer.Bool(true);
    }

    public static GroupTraits? ReadTraits(ref WireReader reader)
    {
        if (!reader.BeginNullable(out int saved))
            return null;
        var traits = new GroupTraits(reader.Bool(), reader.Bool(), reader.Bool());
        reader.End(saved);
        return traits;
    }

    public static string ReadGroupName(ref WireReader reader)
    {
        string name = reader.Text(WireLimits.MaxName);
        if (name.Length == 0)
            reader.Fail("no group name");
        return name;
    }

    /// <summary><c>[number, name, traits, view number, installed in, members]</c></summary>
    private static void WriteGroup(WireWriter writer, GroupState group)
    {
        writer.Array(6);
        writer.Int(group.Number);
        writer.Text(group.Name);
        WriteTraits(writer, group.Traits);
        writer.Int(group.ViewNumber);
        writer.Int(group.InstalledIn);
        writer.Array(group.Members.Count);
        foreach (GroupMember member in group.Members)
        {
            WriteMember(writer, member);
        }
    }

    /// <summary><c>[node name, incarnation, slot, member name, provider, awaits]</c>; trailing defaults are left out.</summary>
    private static void WriteMember(WireWriter writer, GroupMember member)
    {
        writer.Array(member.Awaits is not null ? 6 : member.Provider ? 5 : 4);
        writer.Text(member.Node.Name);
        writer.Int(member.Node.Incarnation);
        writer.Int(member.Slot);
        writer.Text(member.Name);
        if (member.Awaits is null && !member.Provider)
            return;
        writer.Bool(member.Provider);
        if (member.Awaits is not { } source)
            return;
        writer.Array(4);
        writer.Int(source.Point);
        writer.Text(source.Donor.Name);
        writer.Int(source.Donor.Incarnation);
        writer.Int(source.DonorSlot);
    }

    private static StateSource? ReadSource(ref WireReader reader)
    {
        if (!reader.BeginNullable(out int saved))
            return null;
        long point = reader.Range(1, WireLimits.MaxNumber);
        var source = new StateSource(point, NodeCodec.ReadIdFields(ref reader), reader.Int32());
        reader.End(saved);
        return source;
    }

    private static GroupState ReadGroup(ref WireReader reader)
    {
        int saved = reader.Begin();
        int number = reader.Int32();
        string name = ReadGroupName(ref reader);
        GroupTraits? traits = ReadTraits(ref reader);
        if (traits is null)
            reader.Fail("a group without traits");
        long viewNumber = reader.Number();
        long installedIn = reader.Number();
        GroupMember[] members = ReadMembers(ref reader);
        reader.End(saved);
        return new GroupState(number, name, traits!, viewNumber, installedIn, members);
    }

    private static GroupMember[] ReadMembers(ref WireReader reader)
    {
        int list = reader.BeginList(out int count, int.MaxValue, LeastMember);
        GroupMember[] members = count == 0 ? [] : new GroupMember[count];
        for (int i = 0; i < members.Length && !reader.Failed; i++)
        {
            int saved = reader.Begin();
            members[i] = new GroupMember(NodeCodec.ReadIdFields(ref reader), reader.Int32(), reader.Text(WireLimits.MaxName), reader.Bool(), ReadSource(ref reader));
            reader.End(saved);
        }
        reader.End(list);
        return members;
    }
}
