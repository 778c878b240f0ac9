using System;
using System.Globalization;
using GroupComm.Daemon.Floodlight.World;

namespace GroupComm.Daemon.Floodlight.Processes;

/// <summary>What goes through the pipe between switches and a controller, as text without tabs.</summary>
internal static class PipeText
{
    private const string None = "-";

    public static string Of(int number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Of(FencingToken? generation) => generation?.ToString() ?? None;

    public static FencingToken? Generation(string text) => text == None ? null : FencingToken.TryParse(text, out FencingToken token) ? token : throw Bad(text);

    public static string Of(SwitchReport report) => string.Create(CultureInfo.InvariantCulture, $"{report.Switch} {report.Version} {report.Port} {report.Up}");

    public static SwitchReport Report(string text) => text.Split(' ') is [var of, var version, var port, var up]
        ? new SwitchReport(Number(of), Number(version), Number(port), Number(up))
        : throw Bad(text);

    /// <param name="state">Null: the switch does not answer.</param>
    public static string Of(SwitchState? state) => state is null ? None
        : string.Create(CultureInfo.InvariantCulture, $"{state.Switch} {state.Version} {state.Up} {Convert.ToHexString(state.Table)}");

    public static SwitchState? State(string text) => text == None ? null : text.Split(' ') is [var of, var version, var up, var table]
        ? new SwitchState(Number(of), Number(version), Number(up), Convert.FromHexString(table))
        : throw Bad(text);

    public static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static FormatException Bad(string text) => new($"not understood: {text}");
}
