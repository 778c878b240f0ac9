package groupcomm;

/** The order in which members deliver a message. */
public enum Order {
    /** Per sender. */
    FIFO,
    /** Cause before effect. */
    CAUSAL,
    /** One order of all. */
    AGREED,
    /** One order of all, and nothing is delivered before more than half of the view holds it. */
    SAFE;

    private static final Order[] ALL = values();

    /** The number in the protocol. */
    long number() {
        return ordinal() + 1L;
    }

    static Order of(long number) {
        return ALL[(int) number - 1];
    }
}
