using System.Linq;
using Xunit;

namespace GroupComm.Tidy.Tests;

public sealed class CorePurityTests
{
    [Fact]
    public void The_core_has_no_clock_task_thread_lock_socket_file_or_static_state() =>
        Repository.AssertNone(Repository.Sources("src/GroupComm.Core").SelectMany(file => CorePurity.Check(file.Path, file.Text)));

    [Theory]
    [InlineData("long t = DateTime.UtcNow.Ticks;")]
    [InlineData("var s = Stopwatch.StartNew();")]
    [InlineData("long t = Environment.TickCount64;")]
    [InlineData("TimeProvider clock;")]
    [InlineData("async void F() { }")]
    [InlineData("Task F() => null;")]
    [InlineData("lock (this) { }")]
    [InlineData("Monitor.Enter(x);")]
    [InlineData("Interlocked.Increment(ref x);")]
    [InlineData("Volatile.Read(ref x);")]
    [InlineData("new Thread(F).Start();")]
    [InlineData("new Timer(F);")]
    [InlineData("using System.Threading;")]
    [InlineData("using System.Net.Sockets;")]
    [InlineData("using System.IO;")]
    [InlineData("var r = Random.Shared.Next();")]
    [InlineData("var g = Guid.NewGuid();")]
    [InlineData("string s = $\"at {DateTime.Now}\";")]
    [InlineData("private static int s_count;")]
    [InlineData("private static int s_count = 3;")]
    [InlineData("static List<int> s_all = new();")]
    [InlineData("public static (int A, int B) Pair;")]
    [InlineData("public static int Count { get; set; }")]
    [InlineData("private Dictionary<int, int> _map = new();")]
    [InlineData("var set = new HashSet<int>();")]
    [InlineData("ConcurrentDictionary<int, int> map;")]
    [InlineData("int h = x.GetHashCode();")]
    [InlineData("foreach (var k in map.Keys) { }")]
    [InlineData("foreach (var v in map.Values) { }")]
    [InlineData("SortedList<int, int> _sorted = [];\nforeach (var v in _map.Values) { }")]
    [InlineData("foreach (var v in Map().Values) { }")]
    [InlineData("Dictionary<int, int> _map = new(); // lookup only\nforeach (var pair in _map) { }")]
    public void An_offender_is_found(string text) => Assert.NotEmpty(CorePurity.Check("planted.cs", text));

    [Theory]
    [InlineData("// a Task, a DateTime and a lock (x)")]
    [InlineData("string s = \"DateTime.Now\";")]
    [InlineData("private Dictionary<int, int> _map = new(); // lookup only")]
    [InlineData("private SortedDictionary<int, int> _map = new();")]
    [InlineData("SortedList<int, int> _sorted = [];\nforeach (var v in _sorted.Values) { }")]
    [InlineData("private static readonly int[] s_sizes = [1, 2];")]
    [InlineData("private const int Limit = 3;")]
    [InlineData("internal static class Words { }")]
    [InlineData("internal static int Max(int a, int b) => a > b ? a : b;")]
    [InlineData("public static int Count => 3;")]
    [InlineData("public static int Count { get; } = 3;")]
    [InlineData("public static bool operator ==(A a, A b) => true;")]
    [InlineData("using static System.Math;")]
    [InlineData("list.Sort(static (a, b) => a - b);")]
    [InlineData("int blocked = Taskless + Lockstep;")]
    public void What_only_looks_like_one_passes(string text) => Assert.Empty(CorePurity.Check("clean.cs", text));
}
