using GroupComm.Core.Messages;

namespace GroupComm.Core;

// Frames of other views, and of nodes that are in none: P13, P14, P16.
internal sealed partial class NodeCore
{
    private void ReceiveOfStranger(ViewState view, NodeId from, Message message, EffectList effects)
    {
        switch (message)
        {
            case Bundle bundle:
                bundle.Release();
                break;
            case Help help:
                OnHelp(from, help, effects);
                break;
            case Wedge when view.Key.IsBootstrap:
                break;
        }
    }

    private void ReceiveOfOtherView(NodeId from, Message message, EffectList effects)
    {
        if (_rules.SafeAcrossViews && message is Ack late && _view is { Key.IsBootstrap: false } now && late.View.Epoch == now.Key.Epoch && now.RankOf(from) is >= 0 and int ranked)
            now.Acks.SetOrdered(ranked, late.Ordered);
        switch (message)
        {
            case Seek seek:
                OnSeek(from, seek, effects);
                CheckLives(effects);
                return;
            case Known known:
                OnKnown(from, known, effects);
                return;
            case JoinRefused refused:
                OnJoinRefused(refused, effects);
                return;
            case Help help:
                OnHelp(from, help, effects);
                return;
            case Decide decide:
                OnForeignDecide(from, decide, effects);
                return;
            case Gone gone:
                if (_view is { Key.IsBootstrap: false } old && (gone.View.Follows(old.Key) || gone.View.Epoch > old.Key.Epoch))
                    Exclude(gone.Reason, effects);
                return;
            case Wedge { View.IsBootstrap: true } wedge:
                OnBootstrapWedge(from, wedge, effects);
                return;
        }
        if (_view is not { Key.IsBootstrap: false } view)
        {
            if (message is Bundle early)
                early.Release();
            if (message is Heartbeat or Wedge or Propose)
                AskHelp(from, effects);
            return;
        }
        if (message.View.Follows(view.Key))
        {
            AskHelp(from, effects);
            if (message.View.Id == view.Key.Id + 1 && _early.Count < CoreLimits.EarlyFrames && message is not Notice)
            {
                _early.Add((from, message));
                return;
            }
        }
        else if (message is Heartbeat or Wedge or Wedged or Propose or Leave or Probe or Pull)
        {
            AnswerOld(view, from, message, effects);
        }
        if (message is Bundle bundle)
            bundle.Release();
    }

    /// <summary>Somebody speaks of an older view: it should ask what followed, or learn that it is out.</summary>
    private void AnswerOld(ViewState view, NodeId from, Message message, EffectList effects)
    {
        if (message.View.Epoch == view.Key.Epoch)
            effects.Send(from, new Notice(view.Key));
        else if (!message.View.IsBootstrap && message.View.Epoch < view.Key.Epoch)
            effects.Send(from, new Gone(view.Key, ReasonGone(view, from, "the cluster began anew without this node")));
        else if (message.View.IsBootstrap && _primary)
            effects.Send(from, new Known(view.Key, view.Members));
    }

    /// <summary>A later life of the name in the view is all the reason there is.</summary>
    private static string ReasonGone(ViewState view, NodeId gone, string otherwise)
    {
        foreach (NodeInfo member in view.Members)
            if (member.Id.Name == gone.Name && member.Id.Incarnation > gone.Incarnation)
                return Departure.NewIncarnation;
        return otherwise;
    }

    private void OnForeignDecide(NodeId from, Decide decide, EffectList effects)
    {
        if (_view is { Key.IsBootstrap: false } view)
        {
            if (_rules.OlderViewAfterNewer && decide.Table is not null && decide.Value.Next.Id < view.Key.Id && Contains(decide.Value.Members, _self.Id))
            {
                EnterAsJoiner(decide, effects);
                return;
            }
            ReleaseAll(decide.Bundles);
            _archive.ForgetLeaver(from, _dropped);
            if (decide.View.Epoch == view.Key.Epoch && decide.View.Id < view.Key.Id || decide.Value.Next == view.Key)
                effects.Send(from, new Notice(view.Key));
            return;
        }
        if (decide.Table is null || !Contains(decide.Value.Members, _self.Id))
        {
            ReleaseAll(decide.Bundles);
            return;
        }
        EnterAsJoiner(decide, effects);
    }

    private static void SendAll(ViewState view, Message message, EffectList effects)
    {
        if (!view.Key.IsBootstrap)
        {
            effects.Broadcast(message);
            return;
        }
        for (int r = 0; r < view.Size; r++)
            if (r != view.OwnRank)
                effects.Send(view.Members[r].Id, message);
    }
}
