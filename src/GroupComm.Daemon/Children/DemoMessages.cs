namespace GroupComm.Daemon.Children;

/// <summary>Answers a line, in causal order: nobody may see it before the line.</summary>
[GroupMessage("demo-answer")]
internal sealed record DemoAnswer(string Text);

/// <summary>The sender sends nothing after this.</summary>
[GroupMessage("demo-end")]
internal sealed record DemoEnd(string Name);
