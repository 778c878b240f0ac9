package groupcomm;

import groupcomm.Receipt.Stage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A connection to a daemon, with at most one membership. All methods may be called from any thread. Its threads are daemon threads: they
 * do not keep a program from ending.
 *
 * <p>A connection that breaks is made again, and nothing is lost or doubled. When the daemon itself is gone, the client goes to the next
 * endpoint and joins anew: {@link Signal.Kind#RESET}, or a restored state, then a view; what was under way fails with
 * {@code outcome-unknown}.
 *
 * <p>Futures complete on the client's threads. A callback on one must be short (or use the {@code …Async} form), and like a listener it must
 * not wait for another of the client's futures: that throws {@link IllegalStateException}.
 */
public final class Client implements AutoCloseable {
    /** The largest unicast message and the largest answer to a query. */
    static final int MAX_SMALL = 1 << 20;

    private static final long REJOIN_PAUSE = 200;
    private static final int IN_HANDLER = 8;

    private final CompletableFuture<Client> ready = new CompletableFuture<>();
    private final CompletableFuture<GroupCommException> closed = new CompletableFuture<>();
    private final Requests requests = new Requests();
    private final Session session;
    private final Outgoing outgoing;
    private final Dispatcher dispatcher;
    private Group group;
    private boolean isJoined;

    private Client(List<Endpoint> endpoints, Options options) {
        session = new Session(endpoints, options, new Events());
        outgoing = session.outgoing();
        dispatcher = new Dispatcher(outgoing, options.window(), this::handle);
    }

    /**
     * Connects to the first daemon that answers. Endpoints are {@code unix:/run/groupcomm.sock} or {@code tcp:127.0.0.1:7481}; the later
     * ones are for when the earlier are gone.
     */
    public static CompletableFuture<Client> connect(String... endpoints) {
        return connect(Options.DEFAULT, endpoints);
    }

    /** Connects with other options than the default. */
    public static CompletableFuture<Client> connect(Options options, String... endpoints) {
        if (endpoints.length == 0)
            throw new IllegalArgumentException("there is no endpoint: give unix:PATH or tcp:HOST:PORT");
        Client client = new Client(List.of(endpoints).stream().map(Endpoint::parse).toList(), options);
        client.dispatcher.start();
        client.session.start();
        return client.ready;
    }

    /** The daemon's node: {@code NAME#INCARNATION}. */
    public String node() {
        return session.node();
    }

    /** The cluster's name. */
    public String cluster() {
        return session.cluster();
    }

    /** The largest payload of a message, in bytes. */
    public long maxPayload() {
        return session.maxPayload();
    }

    /** Completes when the client has ended for good, with the reason; its code is {@code closed} after {@link #close()}. */
    public CompletableFuture<GroupCommException> closed() {
        return closed.copy();
    }

    /** Joins the group as that member. */
    public CompletableFuture<Group> join(String name, String member, GroupListener listener) {
        return join(Join.group(name).member(member), listener);
    }

    /**
     * Joins. The listener may be called before the future completes.
     *
     * @throws IllegalStateException this client is a member already
     */
    public CompletableFuture<Group> join(Join join, GroupListener listener) {
        Texts.group(join.group());
        Texts.member(join.member());
        Group joining = new Group(this, outgoing, join, listener);
        synchronized (this) {
            if (group != null)
                throw new IllegalStateException("this client is a member already: connect a second one for another group");
            group = joining;
            isJoined = false;
        }
        CompletableFuture<Group> joined = new Pending<>(this::isOwnThread);
        request(Kind.JOIN, join.group(), join.member(), join.options()).whenComplete((done, error) -> {
            if (error == null) {
                synchronized (this) {
                    isJoined = true;
                }
                joined.complete(joining);
            } else {
                forget(joining);
                joined.completeExceptionally(error);
            }
        });
        return joined;
    }

    /** Multicasts from outside to an open group. */
    public Receipt send(String group, byte[] payload, Order order, String type) {
        return send(Texts.group(group), payload, order, type, EnumSet.allOf(Stage.class));
    }

    /** Leaves at once and ends the connection. Waits a moment until the daemon knows; in a listener or callback it does not wait. */
    @Override
    public void close() {
        session.close(!isOwnThread());
    }

    /** Breaks the connection as a network does; the client resumes. For tests. */
    public void cut() {
        session.cut();
    }

    /** Writes bytes past the codec. For tests. */
    void writeRaw(byte[] bytes) {
        outgoing.control(bytes);
    }

    Receipt send(String to, byte[] payload, Order order, String type, Set<Stage> tell) {
        Texts.type(type);
        Receipt receipt = new Receipt(tell, this::isOwnThread);
        if (payload.length > session.maxPayload()) {
            receipt.fail(tooLarge(payload.length, session.maxPayload()));
            return receipt;
        }
        boolean isInHandler = dispatcher.isHandlerThread();
        long flags = tell.stream().mapToLong(Stage::flag).sum() + (isInHandler ? IN_HANDLER : 0), life = outgoing.life();
        long ref = tell.isEmpty() ? requests.next() : requests.add(life, receipt);
        transmit(life, ref, new Frame(Kind.SEND, ref, to, order.number(), type, payload, flags), !isInHandler, !isOwnThread());
        return receipt;
    }

    CompletableFuture<Void> sendTo(String member, byte[] payload, String type) {
        Texts.type(type);
        return payload.length > MAX_SMALL ? CompletableFuture.failedFuture(tooLarge(payload.length, MAX_SMALL)) : request(Kind.SEND_TO, Texts.address(member), type, payload);
    }

    CompletableFuture<List<Reply>> query(String type, byte[] payload, Order order, int target) {
        List<Reply> replies = Collections.synchronizedList(new ArrayList<>());
        return query(type, payload, order, target, replies::add).thenApply(done -> List.copyOf(replies));
    }

    CompletableFuture<Void> query(String type, byte[] payload, Order order, int target, Consumer<Reply> onReply) {
        if (target < -1)
            throw new IllegalArgumentException("the target is " + target + "; give 0 for all, -1 for more than half, n for the first n");
        if (Texts.type(type) == null)
            throw new IllegalArgumentException("a query has a type: members choose its handler by it");
        if (payload.length > session.maxPayload())
            return CompletableFuture.failedFuture(tooLarge(payload.length, session.maxPayload()));
        return ask(onReply, !isOwnThread(), Kind.QUERY, type, payload, order.number(), target);
    }

    CompletableFuture<Void> request(Kind kind, Object... fields) {
        return ask(null, !isOwnThread(), kind, fields);
    }

    private CompletableFuture<Void> ask(Consumer<Reply> onReply, boolean mayWait, Kind kind, Object... fields) {
        CompletableFuture<Void> done = new Pending<>(this::isOwnThread);
        long life = outgoing.life(), ref = requests.add(life, done, onReply);
        Object[] all = new Object[fields.length + 1];
        all[0] = ref;
        System.arraycopy(fields, 0, all, 1, fields.length);
        transmit(life, ref, new Frame(kind, all), true, mayWait);
        return done;
    }

    private void transmit(long life, long ref, Frame frame, boolean windowed, boolean mayWait) {
        try {
            outgoing.send(life, frame.encode(), windowed, mayWait);
        } catch (GroupCommException e) {
            requests.fail(ref, e);
        }
    }

    private static GroupCommException tooLarge(int size, long most) {
        return new GroupCommException("too-large", "the message has " + size + " bytes, the maximum is " + most + "; nothing was sent", "split it");
    }

    private boolean isOwnThread() {
        return dispatcher.isHandlerThread() || session.isReader();
    }

    private synchronized Group group() {
        return group;
    }

    private synchronized void forget(Group left) {
        if (group == left)
            group = null;
    }

    /** On the listener's thread. */
    private void handle(Frame event, long life) {
        Group to = group();
        if (event.kind() == Kind.REACHED)
            requests.done(event.number(0));
        else if (to != null)
            try {
                to.handle(event, life);
            } catch (Exception e) {
                Threads.LOG.log(System.Logger.Level.ERROR, "a listener of the group " + to.name() + " failed", e); // it ends nothing
            } finally {
                if (event.kind() == Kind.LEFT)
                    forget(to);
            }
    }

    /** Until the member is back: its former life may not be out of the view yet. */
    private void rejoin(Group back, long life) {
        if (group() != back || outgoing.isClosed() || outgoing.life() != life)
            return;
        Join join = back.options();
        ask(null, false, Kind.JOIN, join.group(), join.member(), join.options()).whenComplete((done, error) -> {
            if (error == null || outgoing.life() != life || outgoing.isClosed())
                return;
            Threads.LOG.log(System.Logger.Level.INFO, "joining {0} again failed, another try follows: {1}", join.group(), error.getMessage());
            Threads.TIMER.schedule(() -> rejoin(back, life), REJOIN_PAUSE, TimeUnit.MILLISECONDS);
        });
    }

    /** What the session tells, on its own thread. */
    private final class Events implements Session.Owner {
        @Override
        public void onReady() {
            dispatcher.begin(outgoing.life());
            ready.complete(Client.this);
        }

        @Override
        public void onFrame(Frame frame, long number, int size) {
            if (!frame.kind().isEvent()) {
                requests.answered(frame);
                dispatcher.answer(number, size);
                return;
            }
            Group to = group();
            if (frame.kind() == Kind.CANCEL && to != null)
                to.stop(frame);
            dispatcher.event(frame, number, size);
        }

        @Override
        public void onLost() {
            long life = outgoing.life();
            dispatcher.begin(life);
            Group back;
            synchronized (Client.this) {
                back = isJoined ? group : null;
            }
            requests.failBefore(life, GroupCommException.lost());
            if (back == null)
                return;
            if (back.options().state() == null)
                dispatcher.ownEvent(new Frame(Kind.RESET, "the daemon no longer knows this session"));
            rejoin(back, life);
        }

        @Override
        public void onEnd(GroupCommException error) {
            dispatcher.end();
            requests.failBefore(Long.MAX_VALUE, error);
            ready.completeExceptionally(error);
            closed.complete(error);
        }
    }
}
