package groupcomm;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What goes to the daemon: counted frames, kept until acknowledged and sent again after a cut; the window; acknowledgements. A session that
 * the daemon forgot has another <em>life</em>: what was meant for the one before is not sent.
 */
final class Outgoing implements Runnable {
    private static final int BATCH = 256, MOST_WAITING = 16_384;

    /** A frame that waits for the window. */
    private static final class Waiting {
        final byte[] frame;
        boolean isGone;

        Waiting(byte[] frame) {
            this.frame = frame;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition(), work = lock.newCondition();
    private final ArrayDeque<byte[]> kept = new ArrayDeque<>(), queue = new ArrayDeque<>();
    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private Link link;
    private long life, acknowledged, keptBytes, window, handled;
    private boolean mustAcknowledge;
    private GroupCommException closed;

    long life() {
        lock.lock();
        try {
            return life;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Sends a counted frame; it arrives exactly once, or its session is lost.
     *
     * @param mayWait for the window; else the frame waits there alone
     * @throws GroupCommException the client is closed, or the session has another life
     */
    void send(long ofLife, byte[] frame, boolean windowed, boolean mayWait) {
        lock.lock();
        try {
            check(ofLife);
            if (!windowed || (waiting.isEmpty() && keptBytes < window)) {
                keep(frame);
                return;
            }
            if (!mayWait && waiting.size() >= MOST_WAITING)
                throw new GroupCommException("reserve-full", waiting.size() + " requests of listeners and callbacks wait for the daemon; nothing was sent", "ask for less there");
            Waiting mine = new Waiting(frame);
            waiting.add(mine);
            while (mayWait && !mine.isGone)
                await(mine);
            check(ofLife);
        } finally {
            lock.unlock();
        }
    }

    /** Sends what a listener answers to an event. Nobody waits for it any more when the session has another life, or none. */
    void reply(long ofLife, Frame frame, boolean windowed) {
        try {
            send(ofLife, frame.encode(), windowed, windowed);
        } catch (GroupCommException e) {
            Threads.LOG.log(System.Logger.Level.DEBUG, "the answer to an event is not sent: {0}", e.getMessage());
        }
    }

    /** Sends a frame that is about this connection alone. Dropped when there is none. */
    void control(byte[] frame) {
        lock.lock();
        try {
            if (link == null || closed != null)
                return;
            queue.add(frame);
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** So many counted frames of the daemon were handled; tells it now, or with a later one. */
    void handled(long ofLife, long count, boolean now) {
        lock.lock();
        try {
            if (ofLife != life || count < handled || count == 0)
                return;
            handled = count;
            mustAcknowledge |= now;
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The daemon has handled so many. */
    void acknowledged(long count) throws BadFrameException {
        lock.lock();
        try {
            checkCount(count, "acknowledged");
            for (; acknowledged < count; acknowledged++)
                keptBytes -= kept.remove().length;
            admit();
        } finally {
            lock.unlock();
        }
    }

    /**
     * A connection was greeted with WELCOME: sends again what the daemon has not received.
     *
     * @return whether the session has another life now
     */
    boolean attach(Link to, boolean resumed, long received, long daemonWindow) throws BadFrameException {
        lock.lock();
        try {
            window = daemonWindow;
            if (!resumed) {
                life++;
                kept.clear();
                acknowledged = keptBytes = handled = 0;
                release();
            }
            checkCount(received, "received");
            queue.clear();
            long number = acknowledged;
            for (byte[] frame : kept)
                if (++number > received)
                    queue.add(frame);
            mustAcknowledge = handled > 0;
            link = to;
            admit();
            work.signal();
            return !resumed && life > 1;
        } finally {
            lock.unlock();
        }
    }

    void detach() {
        lock.lock();
        try {
            link = null;
            queue.clear();
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Sends this frame after all others, then nothing any more. @return false when it was closed before */
    boolean close(GroupCommException error, Frame last) {
        lock.lock();
        try {
            if (closed != null)
                return false;
            closed = error;
            queue.add(last.encode());
            release();
            work.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed != null;
        } finally {
            lock.unlock();
        }
    }

    /** Writes to whatever connection there is, until the end. */
    @Override
    public void run() {
        List<byte[]> batch = new ArrayList<>();
        while (true) {
            Link to;
            boolean isLast;
            lock.lock();
            try {
                while (link == null || (queue.isEmpty() && !mustAcknowledge)) {
                    if (closed != null)
                        return;
                    work.awaitUninterruptibly();
                }
                if (mustAcknowledge)
                    batch.add(new Frame(Kind.ACK, handled).encode());
                mustAcknowledge = false;
                while (!queue.isEmpty() && batch.size() < BATCH)
                    batch.add(queue.remove());
                isLast = closed != null && queue.isEmpty();
                to = link;
            } finally {
                lock.unlock();
            }
            try {
                to.write(batch);
                if (isLast)
                    to.finish();
            } catch (IOException e) {
                to.close(); // the reader finds it so, and connects again
            }
            if (isLast)
                return;
            batch.clear();
        }
    }

    private void keep(byte[] frame) {
        kept.add(frame);
        keptBytes += frame.length;
        if (link != null)
            queue.add(frame);
        work.signal();
    }

    private void admit() {
        boolean isAny = false;
        while (!waiting.isEmpty() && keptBytes < window && closed == null) {
            Waiting next = waiting.remove();
            next.isGone = isAny = true;
            keep(next.frame);
        }
        if (isAny)
            room.signalAll();
    }

    /** Nobody waits for the window any more. */
    private void release() {
        waiting.forEach(each -> each.isGone = true);
        waiting.clear();
        room.signalAll();
    }

    private void await(Waiting mine) {
        try {
            room.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (mine.isGone)
                return;
            waiting.remove(mine);
            throw new GroupCommException("interrupted", "the thread was interrupted while it waited for the daemon's window; nothing was sent", "");
        }
    }

    private void check(long ofLife) {
        if (closed != null)
            throw closed;
        if (ofLife != life)
            throw GroupCommException.lost();
    }

    private void checkCount(long count, String what) throws BadFrameException {
        if (count < acknowledged || count > acknowledged + kept.size())
            throw new BadFrameException(count + " frames are said to be " + what + ", " + (acknowledged + kept.size()) + " were sent");
    }
}
