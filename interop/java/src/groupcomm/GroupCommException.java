package groupcomm;

/**
 * An operation failed. Futures complete with it; {@code join()} and {@code get()} wrap it, so that it is their exception's cause.
 * Nothing was sent, unless {@link #isOutcomeUnknown()}.
 */
public final class GroupCommException extends RuntimeException {
    private static final long serialVersionUID = 1;

    static final String OUTCOME_UNKNOWN = "outcome-unknown";

    private final String code, detail, fix;

    GroupCommException(String code, String detail, String fix) {
        super(detail + " (" + code + ")" + (fix.isEmpty() ? "" : "; " + fix));
        this.code = code;
        this.detail = detail;
        this.fix = fix;
    }

    /** For programs: a code of the specification, or {@code closed}, {@code unreachable} or {@code interrupted}. */
    public String code() {
        return code;
    }

    /** What happened, and what is certain. */
    public String detail() {
        return detail;
    }

    /** What to do; may be empty. */
    public String fix() {
        return fix;
    }

    /** Whether it may have been sent: the others may or may not have it. */
    public boolean isOutcomeUnknown() {
        return code.equals(OUTCOME_UNKNOWN);
    }

    static GroupCommException lost() {
        return new GroupCommException(OUTCOME_UNKNOWN, "the daemon no longer knows this session", "find out from the group, or send again if twice does no harm");
    }
}
