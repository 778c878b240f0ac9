using System.Threading.Tasks;
using Xunit;

namespace GroupComm.Analyzers.Tests;

public class ReplicatedHandlerAnalyzerTests
{
    [Theory]
    [InlineData("GC0001", "var t = DateTime.UtcNow;")]
    [InlineData("GC0001", "var t = DateTimeOffset.Now;")]
    [InlineData("GC0001", "var t = Stopwatch.GetTimestamp();")]
    [InlineData("GC0001", "var t = Environment.TickCount64;")]
    [InlineData("GC0001", "var t = TimeProvider.System.GetUtcNow();")]
    [InlineData("GC0002", "var r = Random.Shared;")]
    [InlineData("GC0002", "var r = new Random(1);")]
    [InlineData("GC0002", "var g = Guid.NewGuid();")]
    [InlineData("GC0003", "foreach (var pair in table) { }")]
    [InlineData("GC0003", "foreach (var key in table.Keys) { }")]
    [InlineData("GC0003", "var first = table.First();")]
    [InlineData("GC0003", "var list = table.Where(p => p.Value > 1).Select(p => p.Key).ToList();")]
    [InlineData("GC0003", "var text = string.Join(\",\", table.Keys);")]
    [InlineData("GC0003", "foreach (var x in new HashSet<int>()) { }")]
    [InlineData("GC0004", "var h = change.Key.GetHashCode();")]
    [InlineData("GC0004", "var h = HashCode.Combine(1, 2);")]
    [InlineData("GC0005", "File.WriteAllText(\"x\", \"y\");")]
    [InlineData("GC0005", "var n = Environment.MachineName;")]
    [InlineData("GC0005", "var s = new FileStream(\"x\", FileMode.Open);")]
    [InlineData("GC0006", "Task.Run(() => { });")]
    [InlineData("GC0006", "Parallel.For(0, 1, i => { });")]
    public async Task What_differs_between_replicas_is_found(string rule, string body) =>
        Assert.StartsWith(rule + ":", Assert.Single(await Analyzed.HandlerAsync(body)), System.StringComparison.Ordinal);

    [Theory]
    [InlineData("table[change.Key] = change.Value;")]
    [InlineData("foreach (var pair in sorted) { }")]
    [InlineData("foreach (var pair in table.OrderBy(p => p.Key)) { }")]
    [InlineData("var n = table.Count; var sum = table.Values.Sum(); var any = table.Any(p => p.Value > 1);")]
    [InlineData("var h = change.Value.GetHashCode();")]
    [InlineData("Console.WriteLine(change.Key);")]
    [InlineData("var t = new DateTime(2026, 1, 1).AddDays(change.Value);")]
    [InlineData("var copy = table.Where(p => p.Value > 1).ToDictionary();")]
    public async Task What_is_the_same_everywhere_passes(string body) => Assert.Empty(await Analyzed.HandlerAsync(body));

    [Fact]
    public async Task A_method_that_the_handler_calls_is_looked_into()
    {
        string[] found = await Analyzed.HandlerAsync("Apply(change);", "void Apply(Change change) => Stamp(); DateTime Stamp() => DateTime.Now;");
        Assert.Equal(["GC0001: 'DateTime.Now' differs between replicas: let the sender put the time into the message (in a registered handler)"], found);
    }

    [Fact]
    public async Task A_method_that_calls_itself_ends() =>
        Assert.Single(await Analyzed.HandlerAsync("Apply(3);", "void Apply(int n) { if (n > 0) Apply(n - 1); var g = Guid.NewGuid(); }"));

    [Fact]
    public async Task A_method_group_is_a_handler() =>
        Assert.Contains("Replica.On", Assert.Single(await Analyzed.SourceAsync("""
            class Replica
            {
                ValueTask On(Change change, MessageContext context, CancellationToken ct) { var t = DateTime.Now; return default; }
                void Configure(IGroupBuilder g) => g.Register<Change>(On);
            }
            """)));

    [Fact]
    public async Task Raw_bytes_and_the_capture_of_the_state_are_replicated_and_its_restore_is_not() =>
        Assert.Equal(2, (await Analyzed.SourceAsync("""
            class Replica
            {
                Dictionary<string, int> table = new();
                void Configure(IGroupBuilder g) => g
                    .RegisterBytes((bytes, context, ct) => { var t = DateTime.Now; return default; })
                    .RegisterState(
                        (output, ct) => { foreach (var pair in table) { } return Task.CompletedTask; },
                        (input, ct) => { foreach (var pair in table) { } return Task.CompletedTask; });
            }
            """)).Length);

    [Fact]
    public async Task A_causal_message_is_not_replicated_in_one_order_and_a_plain_one_is() =>
        Assert.Single(await Analyzed.SourceAsync("""
            class Replica
            {
                void Configure(IGroupBuilder g) => g
                    .Register<Rumour>((rumour, context, ct) => { var t = DateTime.Now; return default; })
                    .Register<Plain>((plain, context, ct) => { var t = DateTime.Now; return default; });
            }
            """));

    [Fact]
    public async Task Code_outside_of_handlers_is_free() =>
        Assert.Empty(await Analyzed.SourceAsync("""
            class Program
            {
                static DateTime Now() => DateTime.Now;
                static async Task Send(IGroup group) => await group.SendAsync(new Change("now", DateTime.Now.Second));
            }
            """));
}
