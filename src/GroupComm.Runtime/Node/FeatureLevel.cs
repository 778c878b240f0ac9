using System.Globalization;
using System.Linq;
using System.Reflection;

namespace GroupComm.Runtime.Node;

/// <summary>
/// What this build can speak (docs/protocol/frames.md, Versions). There is one level so far; a build with <c>-p:FeatureLevel=2</c> claims the
/// next, so that a rolling restart can be tried before there is one.
/// </summary>
internal static class FeatureLevel
{
    public static int Newest { get; } = int.Parse(
        typeof(FeatureLevel).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(each => each.Key == nameof(FeatureLevel)).Value!, CultureInfo.InvariantCulture);
}
