// dotnet tool restore && dotnet cake [--target=NAME] [--configuration=Release]; --showdescription lists the targets.
var target = Argument("target", "Default");
var configuration = Argument("configuration", "Release");
var solution = "GroupComm.sln";
var daemon = "src/GroupComm.Daemon/GroupComm.Daemon.csproj";
var tidy = "tests/GroupComm.Tidy.Tests/GroupComm.Tidy.Tests.csproj";

void DotNet(string arguments)
{
    Information("dotnet {0}", arguments);
    int code = StartProcess("dotnet", new ProcessSettings { Arguments = arguments });
    if (code != 0)
        throw new CakeException(code, $"dotnet {arguments.Split(' ')[0]} ended with {code}");
}

Task("Build")
    .Description("Compiles every project; a warning is an error.")
    .Does(() => DotNet($"build {solution} -c {configuration} --nologo"));

Task("Test")
    .Description("Runs every test project, the simulation included.")
    .IsDependentOn("Build")
    .Does(() => DotNet($"test -c {configuration} --no-build --max-parallel-test-modules 1"));

Task("Default")
    .Description("The same as Test.")
    .IsDependentOn("Test");

Task("Verify")
    .Description("Checks layout, style and the tidy rules; never writes.")
    .Does(() =>
    {
        DotNet($"format whitespace {solution} --verify-no-changes");
        DotNet($"format style {solution} --verify-no-changes --no-restore");
        DotNet($"test -c {configuration} --project {tidy}");
    });

Task("Fix")
    .Description("Rewrites layout and style so that Verify passes.")
    .Does(() =>
    {
        DotNet($"format whitespace {solution}");
        DotNet($"format style {solution} --no-restore");
    });

Task("Api")
    .Description("Records the public surface: PublicAPI.Unshipped.txt of every room that users compile against.")
    .Does(() =>
    {
        foreach (var room in new[] { "Abstractions", "Runtime", "Hosting", "Client", "Testing", "Testcontainers" })
        {
            string shipped = $"src/GroupComm.{room}/PublicAPI.Shipped.txt", unshipped = $"src/GroupComm.{room}/PublicAPI.Unshipped.txt";
            if (!System.IO.File.Exists(shipped))
                System.IO.File.WriteAllText(shipped, "#nullable enable\n");
            // From nothing, for the code fix adds members and never takes one out. Removals of shipped ones are written by hand and stay.
            var removed = System.IO.File.Exists(unshipped)
                ? System.IO.File.ReadAllLines(unshipped).Where(line => line.StartsWith("*REMOVED*")).ToArray()
                : new string[0];
            System.IO.File.WriteAllText(unshipped, string.Concat(new[] { "#nullable enable" }.Concat(removed).Select(line => line + "\n")));
            DotNet($"format analyzers src/GroupComm.{room}/GroupComm.{room}.csproj --diagnostics RS0016 --severity info");
        }
    });

Task("Pack")
    .Description("Packs the packages into artifacts/packages.")
    .Does(() => DotNet($"pack {solution} -c {configuration} -o artifacts/packages --nologo"));

Task("Simulate")
    .Description("Runs the protocol on virtual time: --seeds=A..B.")
    .Does(() => DotNet($"run -c {configuration} --project {daemon} -- simulate --seeds {Argument("seeds", "1..10000")}"));

Task("Mutants")
    .Description("Writes docs/mutants.md: which law and which faults find which mutant.")
    .Does(() =>
    {
        int code = StartProcess("dotnet", new ProcessSettings { Arguments = $"run -c {configuration} --project {daemon} -- simulate --mutant-table --seeds {Argument("seeds", "1..100000")}", RedirectStandardOutput = true }, out var lines);
        System.IO.File.WriteAllText("docs/mutants.md", string.Join("\n", lines) + "\n");
        if (code != 0)
            throw new CakeException(code, "a mutant survived");
    });

Task("Coverage")
    .Description("Prints which lines of the core the simulator runs; fails on one that docs/coverage.md does not explain: --seeds=20000.")
    .Does(() =>
    {
        string output = MakeAbsolute(Directory("artifacts/coverage")).FullPath, program = $"{output}/bin/GroupComm.Testing.Tests.dll";
        CleanDirectory(output);
        DotNet($"build tests/GroupComm.Testing.Tests -c {configuration} --nologo -v quiet -p:Coverage=true -o {output}/bin");
        Environment.SetEnvironmentVariable("GROUPCOMM_COVERAGE_SEEDS", Argument("seeds", "20000"));
        DotNet($"{program} --filter-class GroupComm.Testing.Tests.CoverageTests --coverlet --coverlet-include [GroupComm.Core]* --coverlet-single-hit --coverlet-output-format lcov --results-directory {output}");
        var rows = System.IO.File.ReadAllLines("docs/coverage.md").Select(line => line.Split('|')).Where(cells => cells.Length == 6 && int.TryParse(cells[3], out _))
            .Select(cells => (File: cells[1].Trim(), Code: cells[2].Trim().Trim('`').Replace("&#124;", "|"), Lines: int.Parse(cells[3]))).ToList();
        int all = 0, run = 0, unexplained = 0;
        foreach (var record in System.IO.File.ReadAllText(System.IO.Directory.GetFiles(output, "*.info").Single()).Split("end_of_record"))
        {
            var lines = record.Split('\n');
            if (lines.FirstOrDefault(line => line.StartsWith("SF:")) is not { } named)
                continue;
            string path = named[3..].Trim(), file = path[(path.IndexOf("GroupComm.Core/") + "GroupComm.Core/".Length)..];
            var source = System.IO.File.ReadAllLines(path);
            var hits = lines.Where(line => line.StartsWith("DA:")).Select(line => line[3..].Trim().Split(','))
                .GroupBy(cells => int.Parse(cells[0])).OrderBy(line => line.Key).Select(line => (Line: line.Key, Hit: line.Any(cells => cells[1] != "0"))).ToList();
            all += hits.Count;
            run += hits.Count(line => line.Hit);
            for (int i = 0; i < hits.Count; i++)
            {
                if (hits[i].Hit)
                    continue;
                int first = hits[i].Line, last = first;
                while (i + 1 < hits.Count && !hits[i + 1].Hit && hits[i + 1].Line - last <= 3)
                    last = hits[++i].Line;
                if (rows.Any(row => (row.File == "*" || row.File == file) && last - first < row.Lines && (source[first - 1].Contains(row.Code) || source[first - 2].Contains(row.Code))))
                    continue;
                unexplained++;
                for (int line = first; line <= last; line++)
                    Information("not run, not explained: {0}:{1} {2}", file, line, source[line - 1].Trim().Replace("{", "{{").Replace("}", "}}"));
            }
        }
        Information("the simulator runs {0} of {1} lines of the core ({2:0.0} %), {3} are not run; places that docs/coverage.md does not explain: {4}", run, all, 100.0 * run / all, all - run, unexplained);
        if (unexplained > 0)
            throw new CakeException(1, "explain these lines in docs/coverage.md, reach them, or remove them");
    });

Task("Model")
    .Description("Checks the model of the view change with spin (docs/model).")
    .Does(() =>
    {
        if (StartProcess("docs/model/check.sh") is not 0 and var code)
            throw new CakeException(code, "the model check failed");
    });

Task("GatewayFigures")
    .Description("Messages a second and latency through the gateway per language, beside the library: --messages=N.")
    .Does(() =>
    {
        System.Environment.SetEnvironmentVariable("GROUPCOMM_FIGURES", Argument("messages", "20000"));
        DotNet($"test -c {configuration} --project tests/GroupComm.Interop.Tests --filter-class *FiguresTests --show-live-output on --output detailed");
    });

Task("Torture")
    .Description("Hurts clusters in containers at random and judges them: --minutes=M --seed=S [--rate=R --slice=SECONDS]; resumes where that seed stopped.")
    .Does(() =>
    {
        foreach (var (name, otherwise) in new[] { ("minutes", "10"), ("seed", "1"), ("rate", "4000"), ("slice", "60") })
            System.Environment.SetEnvironmentVariable($"GROUPCOMM_TORTURE_{name.ToUpperInvariant()}", Argument(name, otherwise));
        System.Environment.SetEnvironmentVariable("GROUPCOMM_REQUIRE_DOCKER", "1");
        DotNet($"test -c {configuration} --project tests/GroupComm.Containers.Tests --filter-class *TortureTests --show-live-output on --output detailed");
    });

Task("Chaos")
    .Description("200 clients over three daemons, one killed again and again: --rounds=N --seed=S; rounds that passed are noted in artifacts/chaos.txt and not run again.")
    .Does(() =>
    {
        EnsureDirectoryExists("artifacts");
        System.Environment.SetEnvironmentVariable("GROUPCOMM_CHAOS_NOTES", MakeAbsolute(File("artifacts/chaos.txt")).FullPath);
        foreach (var (name, otherwise) in new[] { ("rounds", "20"), ("seed", "1") })
            System.Environment.SetEnvironmentVariable($"GROUPCOMM_CHAOS_{name.ToUpperInvariant()}", Argument(name, otherwise));
        DotNet($"test -c {configuration} --project tests/GroupComm.Daemon.Tests --filter-class *ChaosTests --show-live-output on --output detailed");
    });

Task("Fuzz")
    .Description("Searches for inputs that break a decoder, guided by the branches that they run: --minutes=M [--decoder=NAME --jobs=N --goal=INPUTS]; goes on where it stopped, in artifacts/fuzz. --keep=true writes what is worth keeping into the repository.")
    .Does(() =>
    {
        string program = "tests/GroupComm.Fuzz.Tests/bin/" + configuration + "/net10.0/GroupComm.Fuzz.Tests.dll";
        DotNet($"build tests/GroupComm.Fuzz.Tests -c {configuration} --nologo -v quiet");
        DotNet($"{program} fuzz --folder artifacts/fuzz --minutes {Argument("minutes", "10")} --jobs {Argument("jobs", "1")}"
            + (HasArgument("decoder") ? $" --decoder {Argument<string>("decoder")}" : "") + (HasArgument("goal") ? $" --goal {Argument<string>("goal")}" : "") + (HasArgument("keep") ? " --keep" : ""));
    });

Task("Guards")
    .Description("Takes each guard against attacks out of a copy of the source, alone, and writes into docs/guards.md which test failed: some 15 minutes. --guard=NAME,NAME for some.")
    .Does(() =>
    {
        DotNet($"build tests/GroupComm.Fuzz.Tests -c {configuration} --nologo -v quiet");
        DotNet($"tests/GroupComm.Fuzz.Tests/bin/{configuration}/net10.0/GroupComm.Fuzz.Tests.dll guards --folder artifacts/guards" + (HasArgument("guard") ? $" --guard {Argument<string>("guard")}" : ""));
    });

Task("Detection")
    .Description("Measures how fast an end is noticed and how often a wrong one, in containers: --minutes=M; goes on where it stopped.")
    .Does(() =>
    {
        System.Environment.SetEnvironmentVariable("GROUPCOMM_DETECTION_MINUTES", Argument("minutes", "15"));
        System.Environment.SetEnvironmentVariable("GROUPCOMM_REQUIRE_DOCKER", "1");
        DotNet($"test -c {configuration} --project tests/GroupComm.Containers.Tests --filter-class *DetectionTests --show-live-output on --output detailed");
    });

Task("Benchmarks")
    .Description("Measures the parts of the data path, each alone (BenchmarkDotNet); tables in the output.")
    .Does(() =>
    {
        System.Environment.SetEnvironmentVariable("GROUPCOMM_BENCHMARKS", "1");
        DotNet($"build tests/GroupComm.Benchmarks.Tests -c {configuration} --nologo -v quiet");
        DotNet($"tests/GroupComm.Benchmarks.Tests/bin/{configuration}/net10.0/GroupComm.Benchmarks.Tests.dll -method *All_are_measured -showliveoutput");
    });

Task("Publish")
    .Description("Publishes the executable groupcomm into artifacts/publish.")
    .Does(() => DotNet($"publish {daemon} -c {configuration} -o artifacts/publish --nologo"));

Task("Footprint")
    .Description("Publishes the daemon, starts it five times, prints how long until it is ready, and what the last keeps resident when idle: --rid=linux-x64.")
    .Does(() =>
    {
        string folder = MakeAbsolute(Directory("artifacts/footprint")).FullPath;
        DotNet($"publish {daemon} -c {configuration} -r {Argument("rid", "linux-x64")} --self-contained -o {folder} --nologo");
        using var http = new System.Net.Http.HttpClient();
        for (int i = 0; i < 5; i++)
        {
            int port = Random.Shared.Next(20000, 30000);
            var clock = System.Diagnostics.Stopwatch.StartNew();
            using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
                $"{folder}/groupcomm", $"serve --name a --listen 127.0.0.1:0 --http 127.0.0.1:{port} --log-level warning"));
            bool ready = false;
            while (!ready && !process.HasExited && clock.Elapsed < TimeSpan.FromSeconds(30))
            {
                try { ready = http.GetAsync($"http://127.0.0.1:{port}/healthz/ready").GetAwaiter().GetResult().IsSuccessStatusCode; }
                catch (System.Net.Http.HttpRequestException) { System.Threading.Thread.Sleep(5); }
            }
            double seconds = clock.Elapsed.TotalSeconds;
            System.Threading.Thread.Sleep(i < 4 ? 2000 : 30000); // the start is given back after 10 to 20 s
            process.Refresh();
            Information("ready after {0:0.00} s; {1:0.00} s of processor time; {2} MB resident", seconds, process.TotalProcessorTime.TotalSeconds, process.WorkingSet64 >> 20);
            process.Kill();
            process.WaitForExit();
            if (!ready)
                throw new CakeException(1, "the daemon was not ready within 30 s");
        }
    });

Task("Image")
    .Description("Publishes what src/GroupComm.Daemon/Dockerfile puts into an image, into artifacts/image: --rid=linux-x64.")
    .Does(() =>
    {
        CleanDirectory("artifacts/image");
        DotNet($"publish {daemon} -c {configuration} -r {Argument("rid", "linux-x64")} --self-contained -o artifacts/image --nologo");
        Information("docker build -f src/GroupComm.Daemon/Dockerfile -t groupcomm artifacts/image");
    });

#load "docs/performance/figures.cake"
#load "docs/performance/goals.cake"

RunTarget(target);
