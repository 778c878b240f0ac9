using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace GroupComm.Runtime.Tests.Telemetry;

/// <summary>Listens to the source for one trace only: other tests run beside this one in the same process.</summary>
internal sealed class SpanLog : IDisposable
{
    private readonly Activity _root = new("test");
    private readonly ActivityListener _listener;
    private readonly ConcurrentQueue<Activity> _ended = [];

    public SpanLog(ActivitySamplingResult sampling = ActivitySamplingResult.AllDataAndRecorded, Action<Activity>? stopped = null)
    {
        _root.SetIdFormat(ActivityIdFormat.W3C).Start();
        ActivityTraceId trace = _root.TraceId;
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == GroupCommTelemetry.ActivitySourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> asked) => asked.Parent.TraceId == trace ? sampling : ActivitySamplingResult.None,
            ActivityStopped = activity =>
            {
                stopped?.Invoke(activity);
                _ended.Enqueue(activity);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public Activity Root => _root;

    public IEnumerable<Activity> Multicasts => _ended.Where(activity => activity.OperationName == "groupcomm.multicast");

    public IEnumerable<Activity> Handles => _ended.Where(activity => activity.OperationName == "groupcomm.handle");

    public int Count => _ended.Count;

    public async Task WaitAsync(int count)
    {
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(TestCluster.Ct);
        late.CancelAfter(TestCluster.Limit);
        while (Count < count)
            await Task.Delay(10, late.Token);
    }

    public void Dispose()
    {
        _root.Stop();
        _listener.Dispose();
    }
}
