package groupcomm;

import java.util.ArrayDeque;

/**
 * Hands events to the listener one at a time, and acknowledges: an event when its handler has returned, everything else as soon as it came,
 * but after what came before it. The daemon's window bounds what waits here.
 */
final class Dispatcher implements Runnable {
    /** What is done with an event. */
    interface Handler {
        void handle(Frame event, long life);
    }

    private record Event(Frame frame, long number, int size, long life) {
    }

    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private final Outgoing outgoing;
    private final Handler handler;
    private final int quarter;
    private final Thread thread = Threads.create("groupcomm-listener", this);
    private boolean isBusy, isOver;
    private long life, last, unacknowledged;

    Dispatcher(Outgoing outgoing, int window, Handler handler) {
        this.outgoing = outgoing;
        this.handler = handler;
        quarter = window / 4;
    }

    void start() {
        thread.start();
    }

    boolean isHandlerThread() {
        return Thread.currentThread() == thread;
    }

    synchronized void event(Frame frame, long number, int size) {
        last = number;
        events.add(new Event(frame, number, size, life));
        notifyAll();
    }

    /** An event that the client itself makes. */
    synchronized void ownEvent(Frame frame) {
        events.add(new Event(frame, 0, 0, life));
        notifyAll();
    }

    /** An answer, which has no handler. */
    synchronized void answer(long number, int size) {
        last = number;
        unacknowledged += size;
        if (events.isEmpty() && !isBusy)
            acknowledge(number, true);
    }

    /** What has not been handled yet belongs to a life that is over. */
    synchronized void begin(long newLife) {
        life = newLife;
        events.clear();
        last = unacknowledged = 0;
    }

    synchronized void end() {
        isOver = true;
        notifyAll();
    }

    @Override
    public void run() {
        for (Event event = next(); event != null; event = next()) {
            try {
                handler.handle(event.frame, event.life);
            } catch (Throwable e) {
                Threads.LOG.log(System.Logger.Level.ERROR, "a listener failed at " + event.frame.kind(), e); // it ends nothing
            }
            handled(event);
        }
    }

    private synchronized Event next() {
        while (events.isEmpty() && !isOver) {
            try {
                wait();
            } catch (InterruptedException e) {
                // A listener interrupted its own thread: that ends nothing.
            }
        }
        if (isOver)
            return null;
        isBusy = true;
        return events.remove();
    }

    private synchronized void handled(Event event) {
        isBusy = false;
        if (event.life != life)
            return;
        unacknowledged += event.size;
        if (events.isEmpty())
            acknowledge(last, true);
        else
            acknowledge(event.number, unacknowledged >= quarter);
    }

    private void acknowledge(long number, boolean now) {
        outgoing.handled(life, number, now);
        if (now)
            unacknowledged = 0;
    }
}
