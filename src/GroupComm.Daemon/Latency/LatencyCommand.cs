using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Text.Json;
using GroupComm.Daemon.CommandLine;

namespace GroupComm.Daemon.Latency;

/// <summary><c>groupcomm latency</c>: the numbers of a year, and what our orders take then.</summary>
internal static class LatencyCommand
{
    public static Command Create()
    {
        var year = new Option<int>("--year") { Description = $"{YearModel.First} to {YearModel.Last}.", HelpName = "Y", DefaultValueFactory = _ => 2026 };
        var nodes = new Option<int>("--nodes") { Description = "Nodes, 2 to 9.", HelpName = "N", DefaultValueFactory = _ => 3 };
        var detection = new Option<string>("--detection") { Description = "Silence after which a node is suspected.", HelpName = "TIME", DefaultValueFactory = _ => "1s" };
        var page = new Option<string?>("--page") { Description = "Writes a page with a slider for the year (HTML, nothing else needed).", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "One JSON object for scripts; nanoseconds." };
        var command = new ExampledCommand("latency",
            "The numbers every programmer should know, as they are in a year, beside the predicted delay of each order and of a view change.",
            "groupcomm latency --year 2010", "groupcomm latency --page latency.html")
        {
            year, nodes, detection, page, json,
        };
        command.SetAction(parsed =>
        {
            int of = parsed.GetValue(year), count = parsed.GetValue(nodes);
            if (of is < YearModel.First or > YearModel.Last)
                throw new UsageException($"--year is out of range: {YearModel.First} to {YearModel.Last}");
            if (count is < 2 or > 9)
                throw new UsageException("--nodes is out of range: 2 to 9");
            TimeSpan silence = Times.Parse(parsed.GetRequiredValue(detection), "--detection");
            if (parsed.GetValue(page) is { } file)
                File.WriteAllText(file, LatencyPage.Html(count, silence));
            IReadOnlyList<Predicted> predicted = Prediction.In(of, count, silence);
            TextWriter output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
                WriteJson(of, count, predicted, output);
            else
                Write(of, count, predicted, output);
            return Exit.Ok;
        });
        return command;
    }

    private static void Write(int year, int nodes, IReadOnlyList<Predicted> predicted, TextWriter output)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{year}"));
        foreach (KnownNumber number in YearModel.All)
            output.WriteLine($"  {number.Name,-48} {Text(number.In(year)),10}");
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{$"GroupComm, {nodes} nodes",-45} {"hops",4} {"data center",11} {"over the ocean",14}"));
        foreach (Predicted each in predicted)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {each.Name,-48} {each.Hops,1} {Text(each.DataCenter),10} {Text(each.Ocean),14}"));
    }

    private static string Text(double nanoseconds) => nanoseconds switch
    {
        >= 1e9 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e9:G3} s"),
        >= 1e6 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e6:G3} ms"),
        >= 1e3 => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds / 1e3:G3} µs"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{nanoseconds:G3} ns"),
    };

    private static void WriteJson(int year, int nodes, IReadOnlyList<Predicted> predicted, TextWriter output) => Json.Write(output, json =>
    {
        json.WriteNumber("year", year);
        json.WriteNumber("nodes", nodes);
        json.WriteStartObject("numbers");
        foreach (KnownNumber number in YearModel.All)
            json.WriteNumber(number.Name, number.In(year));
        json.WriteEndObject();
        json.WriteStartArray("predicted");
        foreach (Predicted each in predicted)
        {
            json.WriteStartObject();
            json.WriteString("name", each.Name);
            json.WriteNumber("hops", each.Hops);
            json.WriteNumber("dataCenter", each.DataCenter);
            json.WriteNumber("ocean", each.Ocean);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    });
}
