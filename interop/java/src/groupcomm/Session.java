package groupcomm;

import groupcomm.Link.Arrived;
import groupcomm.Link.Refused;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The session across its connections: greets, counts what comes, resumes after a cut, goes to the next endpoint when a daemon is gone. */
final class Session {
    private static final long QUIET = TimeUnit.SECONDS.toNanos(5), SILENT = TimeUnit.SECONDS.toNanos(15), GREETING = TimeUnit.SECONDS.toNanos(10), PARTING = TimeUnit.SECONDS.toNanos(1);
    private static final Set<String> FINAL = Set.of("bad-frame", "version", "taken-over");

    /** What becomes of it; called on the session's own thread, one at a time. */
    interface Owner {
        void onReady();

        void onFrame(Frame frame, long number, int size);

        /** The daemon does not know the session: it has a new life. */
        void onLost();

        void onEnd(GroupCommException error);
    }

    private final Outgoing outgoing = new Outgoing();
    private final CountDownLatch closing = new CountDownLatch(1), over = new CountDownLatch(1);
    private final List<Endpoint> endpoints;
    private final Options options;
    private final Owner owner;
    private final Thread reader, writer;
    private volatile Link link;
    private volatile String node = "", cluster = "";
    private volatile long maxPayload, closedAt;
    private byte[] id;
    private long received;
    private int at;

    Session(List<Endpoint> endpoints, Options options, Owner owner) {
        this.endpoints = endpoints;
        this.options = options;
        this.owner = owner;
        reader = Threads.create("groupcomm-reader", this::run);
        writer = Threads.create("groupcomm-writer", outgoing);
    }

    void start() {
        writer.start();
        reader.start();
    }

    Outgoing outgoing() {
        return outgoing;
    }

    String node() {
        return node;
    }

    String cluster() {
        return cluster;
    }

    long maxPayload() {
        return maxPayload;
    }

    boolean isReader() {
        return Thread.currentThread() == reader;
    }

    /** Breaks the connection without a word, as a network does. */
    void cut() {
        Link now = link;
        if (now != null)
            now.close();
    }

    /** Ends the session; its member leaves. Waits a moment for the daemon to know, if it may. */
    void close(boolean mayWait) {
        end(new GroupCommException("closed", "the client was closed", ""), new Frame(Kind.CLOSE, "bye", "", ""));
        try {
            if (mayWait)
                over.await(2, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void end(GroupCommException error, Frame last) {
        if (!outgoing.close(error, last))
            return;
        closedAt = System.nanoTime();
        closing.countDown();
        owner.onEnd(error);
    }

    private void run() {
        ScheduledFuture<?> watch = Threads.TIMER.scheduleAtFixedRate(this::watch, 1, 1, TimeUnit.SECONDS);
        try {
            connect();
            owner.onReady();
            while (true) {
                read();
                detach();
                if (outgoing.isClosed())
                    return;
                connect();
            }
        } catch (GroupCommException e) {
            end(e, new Frame(Kind.CLOSE, "bye", "", ""));
        } catch (RuntimeException e) {
            end(new GroupCommException("unexpected", "a defect of this client: " + e, "report it"), new Frame(Kind.CLOSE, "bye", "", ""));
            Threads.LOG.log(System.Logger.Level.ERROR, "the session of " + node + " ended by a defect", e);
        } finally {
            watch.cancel(false);
            detach();
            over.countDown();
        }
    }

    /** Until the connection ends. */
    private void read() {
        Link from = link;
        try {
            while (true)
                arrived(from.read());
        } catch (BadFrameException e) {
            end(error(e), badFrame(e));
            from.drain();
        } catch (Refused refused) {
            if (FINAL.contains(refused.why.code()))
                end(refused.why, new Frame(Kind.CLOSE, "bye", "", ""));
            else if (refused.why.code().equals("draining"))
                at++;
        } catch (IOException e) {
            // Cut: it is made again.
        }
    }

    private void arrived(Arrived arrived) throws BadFrameException {
        Frame frame = arrived.frame();
        if (frame == null)
            return;
        switch (frame.kind()) {
            case ACK -> outgoing.acknowledged(frame.number(0));
            case PING -> outgoing.control(new Frame(Kind.PONG, frame.number(0)).encode());
            case PONG -> { }
            default -> {
                if (!frame.kind().isCounted() || !frame.kind().isFromDaemon())
                    throw new BadFrameException(frame.kind() + " is not for a daemon to send now");
                owner.onFrame(frame, ++received, arrived.size());
            }
        }
    }

    private static GroupCommException error(BadFrameException e) {
        return new GroupCommException("bad-frame", "the daemon sent a bad frame: " + e.getMessage(), "correct the daemon");
    }

    private static Frame badFrame(BadFrameException e) {
        return new Frame(Kind.CLOSE, "bad-frame", Texts.cut(e.getMessage()), "correct the daemon");
    }

    private void connect() {
        long end = System.nanoTime() + options.patience().toNanos();
        for (long pause = 50;; pause = Math.min(pause * 2, 1_000)) {
            String reason = "";
            for (int i = 0; i < endpoints.size(); i++) {
                try {
                    greet(endpoints.get(at % endpoints.size()));
                    return;
                } catch (BadFrameException e) {
                    throw error(e);
                } catch (Refused refused) {
                    if (FINAL.contains(refused.why.code()))
                        throw refused.why;
                    reason = refused.getMessage();
                } catch (IOException | IllegalArgumentException e) {
                    reason = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
                }
                at++;
            }
            if (System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(pause) - end > 0)
                throw new GroupCommException("unreachable", "no daemon at " + endpoints + ": " + reason, "start groupcomm serve with --socket or --tcp");
            if (isClosing(pause))
                throw new GroupCommException("closed", "the client was closed", "");
        }
    }

    private boolean isClosing(long milliseconds) {
        try {
            return closing.await(milliseconds, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return true; // nobody else has this thread: it is meant to end
        }
    }

    private void greet(Endpoint endpoint) throws IOException, BadFrameException, Refused {
        SocketChannel channel = endpoint.open();
        Link opened = link = new Link(channel);
        try {
            channel.connect(endpoint.address());
            opened.write(List.of(new Frame(Kind.HELLO, 1, 1, options.name(), options.window(), options.grace().toMillis(), id, id == null ? 0 : received).encode()));
            Frame welcome = opened.read().frame();
            if (welcome == null || welcome.kind() != Kind.WELCOME || welcome.number(0) != 1)
                throw new BadFrameException("the daemon's first frame is not WELCOME of version 1");
            boolean resumed = welcome.flag(2);
            if (resumed && id == null)
                throw new BadFrameException("a session is resumed that there never was");
            id = welcome.bytes(1);
            maxPayload = welcome.number(5);
            node = welcome.text(6);
            cluster = welcome.text(7);
            opened.greeted(maxPayload);
            if (!resumed)
                received = 0;
            if (outgoing.attach(opened, resumed, welcome.number(3), welcome.number(4)))
                owner.onLost();
        } catch (BadFrameException e) {
            opened.write(List.of(badFrame(e).encode()));
            opened.close();
            throw e;
        } catch (IOException | Refused | RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private void detach() {
        outgoing.detach();
        cut();
    }

    private void watch() {
        Link now = link;
        if (now == null)
            return;
        long quiet = now.quietNanos();
        if (closedAt != 0 ? System.nanoTime() - closedAt > PARTING : quiet > (now.isGreeted() ? SILENT : GREETING))
            now.close();
        else if (quiet > QUIET && now.isGreeted())
            outgoing.control(new Frame(Kind.PING, 0).encode());
    }
}
