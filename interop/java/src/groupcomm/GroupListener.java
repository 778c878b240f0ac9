package groupcomm;

/**
 * What a member does with what it is told. Called on one thread of the client, one at a time, in order: the next call waits until this one
 * has returned. A listener that is slow slows down the senders of the group; after 30 s without progress its member is removed
 * ({@link Signal.Kind#LEFT}).
 *
 * <p>Inside a listener every call to the group returns at once, but its future must not be waited for there: that throws. What a listener
 * throws is logged to {@code groupcomm} and ends nothing.
 */
public interface GroupListener {
    /** A message is delivered. */
    default void onMessage(Group group, Message message) throws Exception {
    }

    /** A view is installed: what follows is delivered in it. */
    default void onView(Group group, View view) throws Exception {
    }

    /** Something else happened. */
    default void onSignal(Group group, Signal signal) throws Exception {
    }

    /**
     * Answers a query, also one of this member itself.
     *
     * @return the answer, at most 1 MiB
     * @throws Exception told to the one who asks, in words
     */
    default byte[] onQuery(Group group, Message query) throws Exception {
        throw new UnsupportedOperationException("no query handler is registered for this type");
    }
}
