using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using GroupComm.Daemon.Serve;
using k8s;
using k8s.Models;
using Xunit;

namespace GroupComm.Daemon.Tests;

/// <summary>The manifest in the samples: read strictly into Kubernetes' own types, and what has to agree in it agrees.</summary>
public class KubernetesTests
{
    private readonly List<object> _objects = KubernetesYaml.LoadAllFromString(Manifest(), strict: true);

    private V1StatefulSet Set => One<V1StatefulSet>();

    private V1Container Sidecar => Assert.Single(Set.Spec.Template.Spec.InitContainers);

    [Fact]
    public void It_finds_the_others_before_any_is_ready()
    {
        V1Service service = One<V1Service>();
        Assert.Equal(("None", true), (service.Spec.ClusterIP, service.Spec.PublishNotReadyAddresses));
        Assert.Equal(service.Metadata.Name, Set.Spec.ServiceName);
        Assert.Equal("Parallel", Set.Spec.PodManagementPolicy);
        Assert.Equal($"{service.Metadata.Name}:{service.Spec.Ports.Single().Port}", Flag("--dns"));
        Assert.Equal($"{Set.Spec.Replicas}", Flag("--expected-nodes"));
        foreach (IDictionary<string, string> selector in new[] { service.Spec.Selector, Set.Spec.Selector.MatchLabels, One<V1PodDisruptionBudget>().Spec.Selector.MatchLabels, One<V1NetworkPolicy>().Spec.PodSelector.MatchLabels })
            Assert.Equal(Set.Spec.Template.Metadata.Labels, selector);
    }

    [Fact]
    public void The_daemon_understands_its_arguments_and_its_probes()
    {
        string[] args = [.. Sidecar.Args.Select(each => each.Replace("$(POD_NAME)", "stock-0", StringComparison.Ordinal).Replace("$(POD_IP)", "10.1.2.3", StringComparison.Ordinal))];
        Assert.DoesNotContain(args, each => each.Contains("$(", StringComparison.Ordinal));
        Assert.Equal(["POD_IP", "POD_NAME"], Sidecar.Env.Select(each => each.Name).Order(StringComparer.Ordinal));
        Assert.Equal("serve", args[0]);
        ParseResult parsed = ServeCommand.Create().Parse(args[1..]);
        Assert.Empty(parsed.Errors.Select(error => error.Message));
        Assert.EndsWith($":{Sidecar.Ports.Single().ContainerPort}", Flag("--listen"), StringComparison.Ordinal);
        foreach (V1Probe probe in new[] { Sidecar.StartupProbe, Sidecar.ReadinessProbe, Sidecar.LivenessProbe })
        {
            Assert.Equal(["groupcomm", "health"], probe.Exec.Command.Take(2));
            Assert.Empty(Clients.ClientCommands.Create().Single(command => command.Name == "health").Parse([.. probe.Exec.Command.Skip(2)]).Errors.Select(error => error.Message));
        }
    }

    [Fact]
    public void It_outlives_its_application_and_has_time_to_leave()
    {
        Assert.Equal("Always", Sidecar.RestartPolicy);
        Assert.True(Set.Spec.Template.Spec.TerminationGracePeriodSeconds > new GroupCommOptions().LeaveTimeout.TotalSeconds + 1);
        Assert.True(One<V1PodDisruptionBudget>().Spec.MaxUnavailable == "1");
        Assert.False(Sidecar.Resources.Limits.ContainsKey("cpu"));
    }

    private string Flag(string name) => Sidecar.Args[Sidecar.Args.IndexOf(name) + 1];

    private T One<T>() => _objects.OfType<T>().Single();

    private static string Manifest([CallerFilePath] string file = "") => File.ReadAllText(Path.Combine(Path.GetDirectoryName(file)!, "../../docs/samples/kubernetes.yaml"));
}
