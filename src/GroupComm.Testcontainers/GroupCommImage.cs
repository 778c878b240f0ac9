using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Images;
using Microsoft.Extensions.Logging.Abstractions;

namespace GroupComm;

/// <summary>The image of a node, from an executable that was published self-contained.</summary>
public static class GroupCommImage
{
    /// <summary>
    /// Builds the image: the executable <c>groupcomm</c> as process 1, a user without rights, <c>/traces</c> to write to.
    /// Dispose of it at the end of the tests, after it was deleted.
    /// </summary>
    /// <param name="published">The folder that <c>dotnet publish --self-contained</c> of the executable made.</param>
    /// <param name="baseImage">Any Debian or Ubuntu; null for <c>debian:bookworm-slim</c>. Cutting links needs <c>iptables</c> in it.</param>
    /// <param name="labels">Labels of the image, by which leftovers of a broken run are found.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<IFutureDockerImage> BuildAsync(
        string published, string? baseImage = null, IReadOnlyDictionary<string, string>? labels = null, CancellationToken ct = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(published);
        if (!File.Exists(Path.Combine(published, "groupcomm")))
            throw new FileNotFoundException($"'{published}' has no executable 'groupcomm': publish the daemon there, self-contained and for Linux");
        DirectoryInfo recipe = Directory.CreateTempSubdirectory("groupcomm-image-");
        try
        {
            using (Stream dockerfile = typeof(GroupCommImage).Assembly.GetManifestResourceStream("GroupComm.Testcontainers.Dockerfile")!)
            using (FileStream file = File.Create(Path.Combine(recipe.FullName, "Dockerfile")))
                await dockerfile.CopyToAsync(file, ct).ConfigureAwait(false);
            ImageFromDockerfileBuilder builder = new ImageFromDockerfileBuilder()
                .WithName($"groupcomm-node:{Guid.NewGuid():N}")
                .WithContextDirectory(published)
                .WithDockerfileDirectory(recipe.FullName)
                .WithDockerfile("Dockerfile")
                .WithLogger(NullLogger.Instance);
            foreach ((string key, string value) in labels ?? new Dictionary<string, string>())
                builder = builder.WithLabel(key, value);
            if (baseImage is { Length: > 0 })
                builder = builder.WithBuildArgument("BASE", baseImage);
            IFutureDockerImage image = builder.Build();
            await image.CreateAsync(ct).ConfigureAwait(false);
            return image;
        }
        finally
        {
            recipe.Delete(recursive: true);
        }
    }
}
