package groupcomm;

/** The other side broke a rule of the specification. */
final class BadFrameException extends Exception {
    private static final long serialVersionUID = 1;

    BadFrameException(String message) {
        super(message);
    }
}
