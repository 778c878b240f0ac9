package groupcomm;

import groupcomm.Receipt.Stage;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A membership, made by {@link Client#join(Join, GroupListener)}. All methods may be called from any thread. Those that send wait while the
 * daemon's window is full, except in listeners and in callbacks of futures; they return when the frame is on its way, and the future tells
 * the rest.
 */
public final class Group {
    private static final Set<Stage> ALL = EnumSet.allOf(Stage.class);

    private final Client client;
    private final Outgoing outgoing;
    private final Join join;
    private final GroupListener listener;
    private final StateTransfer states;
    private volatile View view;

    Group(Client client, Outgoing outgoing, Join join, GroupListener listener) {
        this.client = client;
        this.outgoing = outgoing;
        this.join = join;
        this.listener = listener;
        states = new StateTransfer(outgoing, join.state());
    }

    /** The group's name. */
    public String name() {
        return join.group();
    }

    /**
     * The view that was installed last.
     *
     * @throws IllegalStateException the member has no view yet
     */
    public View view() {
        View now = view;
        if (now == null)
            throw new IllegalStateException("the member has no view yet");
        return now;
    }

    /** This member, as views name it: {@code NODE/NAME}. Another one after an exclusion or a daemon's loss. */
    public String self() {
        return view().self();
    }

    /** Multicasts raw bytes in agreed order. */
    public Receipt send(byte[] payload) {
        return send(payload, Order.AGREED);
    }

    /** Multicasts raw bytes. */
    public Receipt send(byte[] payload, Order order) {
        return send(payload, order, null);
    }

    /** Multicasts. The type is the id of a typed message, a media type, or null. */
    public Receipt send(byte[] payload, Order order, String type) {
        return send(payload, order, type, ALL);
    }

    /** Multicasts, and is told of these stages alone. */
    public Receipt send(byte[] payload, Order order, String type, Set<Stage> tell) {
        return client.send(null, payload, order, type, tell);
    }

    /** Sends to one member, fifo among such messages, at most 1 MiB; done when the daemon has taken it. */
    public CompletableFuture<Void> sendTo(String member, byte[] payload, String type) {
        return client.sendTo(member, payload, type);
    }

    /** Asks all members in agreed order; completes with all answers. Target: 0 all, -1 more than half, n the first n. */
    public CompletableFuture<List<Reply>> query(String type, byte[] payload, int target) {
        return client.query(type, payload, Order.AGREED, target);
    }

    /** Asks all members, and is told each answer when it comes. The callback must be short: it runs on the thread that reads. */
    public CompletableFuture<Void> query(String type, byte[] payload, Order order, int target, Consumer<Reply> onReply) {
        return client.query(type, payload, order, target, onReply);
    }

    /** Done when this member was given all that was safe anywhere before the call. */
    public CompletableFuture<Void> barrier() {
        return client.request(Kind.BARRIER);
    }

    /** Leaves; done when nothing more comes. The client may join again. */
    public CompletableFuture<Void> leave() {
        return client.request(Kind.LEAVE);
    }

    Join options() {
        return join;
    }

    /** CANCEL, before its place among the events. */
    void stop(Frame cancel) {
        states.stop(cancel.number(0));
    }

    /** An event, on the listener's thread. */
    void handle(Frame event, long life) throws Exception {
        switch (event.kind()) {
            case MESSAGE -> listener.onMessage(this, message(event, 0, 1));
            case VIEW -> {
                view = new View(event.text(0), event.text(1), event.text(2), event.texts(3), event.texts(4), event.texts(5), event.text(6), event.text(7));
                listener.onView(this, view);
            }
            case ASK -> answer(event, life);
            case CAPTURE -> states.capture(event.number(0), life);
            case RESTORE -> states.begin(event.number(0));
            case PART -> states.part(event.number(0), event.bytes(1));
            case END -> states.end(event.number(0), event.text(1), life);
            case CANCEL -> states.drop(event.number(0));
            default -> listener.onSignal(this, new Signal(Signal.Kind.valueOf(event.kind().name()), event.fields().length == 0 ? "" : event.text(0)));
        }
    }

    private Message message(Frame frame, int id, int from) {
        return new Message(frame.text(id), frame.text(from), Order.of(frame.number(from + 1)), frame.number(from + 2), frame.text(from + 3), frame.bytes(from + 4), view);
    }

    private void answer(Frame ask, long life) {
        boolean isAnswer = true;
        byte[] answer;
        try {
            answer = listener.onQuery(this, message(ask, 1, 2));
            if (answer == null || answer.length > Client.MAX_SMALL)
                throw new IllegalStateException(answer == null ? "the query handler gave no answer" : "the answer has " + answer.length + " bytes, the maximum is " + Client.MAX_SMALL);
        } catch (Exception e) {
            isAnswer = false;
            answer = Texts.cut(e).getBytes(StandardCharsets.UTF_8);
        }
        outgoing.reply(life, new Frame(Kind.REPLY, ask.number(0), isAnswer, answer), false);
    }
}
