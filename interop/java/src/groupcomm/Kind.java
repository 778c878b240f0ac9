package groupcomm;

/** The kinds of frames, with the form of their fields; interop/spec/gateway.md has their meaning. */
enum Kind {
    HELLO(1, "uusuuIu"), WELCOME(2, "uibuuussb"), ACK(3, "u"), PING(4, "u"), PONG(5, "u"), CLOSE(6, "sss"),

    JOIN(16, "usSm"), LEAVE(17, "u"), SEND(18, "uSoSyf"), SEND_TO(19, "usSy"), QUERY(20, "usyon"), BARRIER(21, "u"), REPLY(22, "uby"), PART(23, "uy"), END(24, "uS"),

    DONE(32, "u"), FAILED(33, "usss"), RECEIPT(34, "uus"), ANSWER(35, "usuy"),

    VIEW(40, "sssaaass"), MESSAGE(41, "sSouSy"), ASK(42, "usSousy"), CAPTURE(43, "u"), RESTORE(44, "u"), TRANSITIONAL(45, "s"), PRIMARY_LOST(46, "s"),
    PRIMARY_REGAINED(47, ""), GROUP_LOST(48, ""), EXCLUDED(49, "s"), RESET(50, "s"), LEFT(51, "s"), REACHED(52, "u"), CANCEL(53, "u");

    private static final int FIRST_COUNTED = 16;
    private static final Kind[] ALL = new Kind[64];

    static {
        for (Kind kind : values())
            ALL[kind.number] = kind;
    }

    final int number;

    /**
     * A letter for each field: u uint, n int, b bool, s str, S str?, y bin, i a session, I session?, o an order, f the flags of SEND, a [str],
     * m map.
     */
    final String form;

    Kind(int number, String form) {
        this.number = number;
        this.form = form;
    }

    /** Null if there is none. */
    static Kind of(long number) {
        return number < ALL.length ? ALL[(int) number] : null;
    }

    boolean isCounted() {
        return number >= FIRST_COUNTED;
    }

    /** Stands among the events, which are handled one at a time. */
    boolean isEvent() {
        return number >= VIEW.number || this == PART || this == END;
    }

    boolean isFromDaemon() {
        return this != HELLO && (number < JOIN.number || number > REPLY.number);
    }
}
