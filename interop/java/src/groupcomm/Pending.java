package groupcomm;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** A future that the client's own threads complete. To wait for it on one of them would be to wait for ever: that throws instead. */
final class Pending<T> extends CompletableFuture<T> {
    private final BooleanSupplier isOwnThread;

    Pending(BooleanSupplier isOwnThread) {
        this.isOwnThread = isOwnThread;
    }

    @Override
    public T join() {
        check();
        return super.join();
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        check();
        return super.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        check();
        return super.get(timeout, unit);
    }

    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new Pending<>(isOwnThread);
    }

    private void check() {
        if (!isDone() && isOwnThread.getAsBoolean())
            throw new IllegalStateException("this would wait for the very listener or callback that waits: chain it with thenAccept, or wait on a thread of your own");
    }
}
