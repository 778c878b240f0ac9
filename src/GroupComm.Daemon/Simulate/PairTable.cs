using System.Globalization;
using System.IO;
using GroupComm.Testing.Simulation;

namespace GroupComm.Daemon.Simulate;

/// <summary>How many schedules had both faults, as a table to read.</summary>
internal static class PairTable
{
    private const int Cell = 9;

    public static void Write(SimulationResult result, TextWriter to)
    {
        to.WriteLine("schedules that had both faults:");
        to.Write(new string(' ', 20));
        for (int j = 0; j < FaultNames.Count - 1; j++)
            to.Write(Letter(j).PadLeft(Cell));
        to.WriteLine();
        for (int i = 1; i < FaultNames.Count; i++)
        {
            to.Write($"{Letter(i)}  {FaultNames.Of((FaultKind)i)}".PadRight(20));
            for (int j = 0; j < i; j++)
                to.Write(result.Pairs[i, j].ToString("N0", CultureInfo.InvariantCulture).PadLeft(Cell));
            to.WriteLine();
        }
        to.WriteLine($"{Letter(0)} is {FaultNames.Of(0)}");
    }

    private static string Letter(int fault) => ((char)('a' + fault)).ToString();
}
