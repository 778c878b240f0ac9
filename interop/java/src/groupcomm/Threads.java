package groupcomm;

import java.util.concurrent.ScheduledThreadPoolExecutor;

/** The library's threads; none keeps a program from ending. */
final class Threads {
    static final System.Logger LOG = System.getLogger("groupcomm");
    static final ScheduledThreadPoolExecutor TIMER = new ScheduledThreadPoolExecutor(1, work -> create("groupcomm-timer", work));

    static {
        TIMER.setRemoveOnCancelPolicy(true);
    }

    private Threads() {
    }

    static Thread create(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }
}
