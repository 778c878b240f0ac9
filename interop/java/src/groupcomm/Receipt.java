package groupcomm;

import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** How far a sent message is: futures of its id. They need not be looked at. */
public final class Receipt {
    /** A point on the way of a message. What a send does not ask for costs no frame. */
    public enum Stage {
        /** The daemon has taken it: it has its id and its place in its sender's order. */
        ACCEPTED,
        /** It was delivered at this daemon. */
        DELIVERED,
        /** It survives: more than half of the view holds it. */
        SAFE;

        long flag() {
            return 1L << ordinal();
        }
    }

    private final Map<Stage, Pending<String>> stages = new EnumMap<>(Stage.class);

    Receipt(Set<Stage> tell, BooleanSupplier isOwnThread) {
        for (Stage stage : tell)
            stages.put(stage, new Pending<>(isOwnThread));
    }

    /** Completes when the daemon has taken it. */
    public CompletableFuture<String> accepted() {
        return at(Stage.ACCEPTED);
    }

    /** Completes when it was delivered at this daemon. */
    public CompletableFuture<String> delivered() {
        return at(Stage.DELIVERED);
    }

    /** Completes when it survives. */
    public CompletableFuture<String> safe() {
        return at(Stage.SAFE);
    }

    /**
     * Completes when that stage is reached.
     *
     * @throws IllegalStateException the send did not ask to be told
     */
    public CompletableFuture<String> at(Stage stage) {
        Pending<String> future = stages.get(stage);
        if (future == null)
            throw new IllegalStateException("this send did not ask to be told: add Receipt.Stage." + stage);
        return future;
    }

    /** @return whether nothing more comes */
    boolean reach(long flag, String id) {
        stages.forEach((stage, future) -> {
            if (stage.flag() == flag)
                future.complete(id);
        });
        return stages.values().stream().allMatch(CompletableFuture::isDone);
    }

    void fail(GroupCommException error) {
        stages.values().forEach(future -> future.completeExceptionally(error));
    }
}
