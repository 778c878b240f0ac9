package groupcomm;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Messages a second, and how long each takes from the send to its delivery. */
final class Bench {
    private final Group group;
    private final byte[] payload;
    private final Order order;
    private final AtomicInteger count = new AtomicInteger();
    private long[] took; // ns

    Bench(Group group, byte[] payload, Order order) {
        this.group = group;
        this.payload = payload;
        this.order = order;
    }

    CompletableFuture<Map<String, Object>> run(int messages, int inFlight) {
        took = new long[messages / inFlight * inFlight];
        CompletableFuture<?>[] lanes = new CompletableFuture<?>[inFlight];
        long began = System.nanoTime();
        for (int i = 0; i < inFlight; i++) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            lanes[i] = done;
            next(messages / inFlight, done);
        }
        return CompletableFuture.allOf(lanes).thenApply(nothing -> {
            double seconds = (System.nanoTime() - began) / 1e9;
            Arrays.sort(took);
            return Puppet.map("messages", took.length, "seconds", seconds, "p50", took[took.length / 2] / 1e3, "p99", took[(int) (took.length * 0.99)] / 1e3);
        });
    }

    private void next(int left, CompletableFuture<Void> done) {
        if (left == 0) {
            done.complete(null);
            return;
        }
        long sent = System.nanoTime();
        group.send(payload, order, null, Set.of(Receipt.Stage.DELIVERED)).at(Receipt.Stage.DELIVERED).whenComplete((id, error) -> {
            if (error != null) {
                done.completeExceptionally(error);
                return;
            }
            took[count.getAndIncrement()] = System.nanoTime() - sent;
            next(left - 1, done);
        });
    }
}
