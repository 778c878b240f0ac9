package groupcomm;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/** What is under way, by its ref. */
final class Requests {
    private record Entry(long life, Receipt receipt, CompletableFuture<Void> done, Consumer<Reply> onReply) {
        void fail(GroupCommException error) {
            if (receipt != null)
                receipt.fail(error);
            else
                done.completeExceptionally(error);
        }
    }

    private final Map<Long, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicLong last = new AtomicLong();

    long add(long life, Receipt receipt) {
        return add(new Entry(life, receipt, null, null));
    }

    long add(long life, CompletableFuture<Void> done, Consumer<Reply> onReply) {
        return add(new Entry(life, null, done, onReply));
    }

    /** A ref of which nothing is expected. */
    long next() {
        return last.incrementAndGet();
    }

    /** DONE, FAILED, RECEIPT or ANSWER. */
    void answered(Frame frame) {
        long ref = frame.number(0);
        switch (frame.kind()) {
            case RECEIPT -> {
                Entry entry = entries.get(ref);
                if (entry != null && entry.receipt != null && entry.receipt.reach(frame.number(1), frame.text(2)))
                    entries.remove(ref);
            }
            case ANSWER -> {
                Entry entry = entries.get(ref);
                if (entry != null && entry.onReply != null)
                    tell(entry.onReply, Reply.of(frame.text(1), frame.number(2), frame.bytes(3)));
            }
            case DONE -> done(ref);
            case FAILED -> fail(ref, new GroupCommException(frame.text(1), frame.text(2), frame.text(3)));
            default -> throw new IllegalArgumentException(frame.kind() + " is no answer");
        }
    }

    void done(long ref) {
        Entry entry = entries.remove(ref);
        if (entry != null && entry.done != null)
            entry.done.complete(null);
    }

    void fail(long ref, GroupCommException error) {
        Entry entry = entries.remove(ref);
        if (entry != null)
            entry.fail(error);
    }

    /** Everything that was asked in an earlier life than that. */
    void failBefore(long life, GroupCommException error) {
        entries.forEach((ref, entry) -> {
            if (entry.life < life)
                fail(ref, error);
        });
    }

    private static void tell(Consumer<Reply> onReply, Reply reply) {
        try {
            onReply.accept(reply);
        } catch (RuntimeException e) {
            Threads.LOG.log(System.Logger.Level.ERROR, "a callback of a query failed", e); // it ends nothing
        }
    }

    private long add(Entry entry) {
        long ref = next();
        entries.put(ref, entry);
        return ref;
    }
}
