package groupcomm;

/**
 * Something that is neither a message nor a view.
 *
 * @param kind   what happened
 * @param reason why, for people; of {@link Kind#TRANSITIONAL} the id of the view that ends
 */
public record Signal(Kind kind, String reason) {
    /** What can happen. */
    public enum Kind {
        /** From here to the next view, safe means held by those who come along. */
        TRANSITIONAL,
        /** The daemon hears no quorum; sends fail with {@code not-primary}. */
        PRIMARY_LOST,
        /** It hears one again. */
        PRIMARY_REGAINED,
        /** No quorum of the last view can ever answer. */
        GROUP_LOST,
        /** The others went on without this daemon's node; it comes back by itself. */
        EXCLUDED,
        /** What this member knew is void: forget it. With a state provider a state was restored instead. */
        RESET,
        /** The membership is over: the member left, or was removed because it was slow. The client may join again. */
        LEFT
    }
}
