using System;
using System.Linq;
using Xunit;

namespace GroupComm.Tidy.Tests;

public sealed class RoomsTests
{
    [Fact]
    public void Every_room_uses_only_rooms_to_its_right() =>
        Repository.AssertNone(Repository.Projects().SelectMany(project => Rooms.Check(project.Path, project.Text)));

    [Theory]
    [InlineData("src/GroupComm.Core/GroupComm.Core.csproj", "ProjectReference", "../GroupComm.Wire/GroupComm.Wire.csproj")]
    [InlineData("src/GroupComm.Core/GroupComm.Core.csproj", "ProjectReference", "..\\GroupComm.Wire\\GroupComm.Wire.csproj")]
    [InlineData("src/GroupComm.Transport.Tcp/GroupComm.Transport.Tcp.csproj", "ProjectReference", "../GroupComm.Core/GroupComm.Core.csproj")]
    [InlineData("src/GroupComm.Recipes/GroupComm.Recipes.csproj", "ProjectReference", "../GroupComm.Runtime/GroupComm.Runtime.csproj")]
    [InlineData("src/GroupComm.Unheard/GroupComm.Unheard.csproj", "ProjectReference", "../GroupComm.Core/GroupComm.Core.csproj")]
    [InlineData("tests/GroupComm.Wire.Tests/GroupComm.Wire.Tests.csproj", "ProjectReference", "../../src/GroupComm.Daemon/GroupComm.Daemon.csproj")]
    [InlineData("src/GroupComm.Core/GroupComm.Core.csproj", "PackageReference", "MessagePack")]
    [InlineData("src/GroupComm.Abstractions/GroupComm.Abstractions.csproj", "FrameworkReference", "Microsoft.AspNetCore.App")]
    public void A_wrong_arrow_is_found(string path, string kind, string target) => Assert.Single(Rooms.Check(path, Project(kind, target)));

    [Theory]
    [InlineData("src/GroupComm.Daemon/GroupComm.Daemon.csproj", "ProjectReference", "../GroupComm.Recipes/GroupComm.Recipes.csproj")]
    [InlineData("src/GroupComm.Wire/GroupComm.Wire.csproj", "PackageReference", "MessagePack")]
    [InlineData("tests/GroupComm.Transport.Tests/GroupComm.Transport.Tests.csproj", "ProjectReference", "../../src/GroupComm.Transport.Tcp/GroupComm.Transport.Tcp.csproj")]
    [InlineData("tests/GroupComm.Core.Tests/GroupComm.Core.Tests.csproj", "ProjectReference", "../../src/GroupComm.Testing/GroupComm.Testing.csproj")]
    public void A_right_arrow_passes(string path, string kind, string target) => Assert.Empty(Rooms.Check(path, Project(kind, target)));

    private static string Project(string kind, string target) =>
        $"<Project Sdk=\"Microsoft.NET.Sdk\"><ItemGroup><{kind} Include=\"{target}\" /></ItemGroup></Project>";
}
