package groupcomm;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is asked of the daemon when a member joins. Names and defaults are those of {@code JOIN} in the specification. */
public final class Join {
    private final String group;
    private final Map<String, Object> options = new LinkedHashMap<>();
    private String member;
    private StateProvider state;

    private Join(String group) {
        this.group = group;
    }

    /** Joins the group of that name, 1 to 256 characters; it begins to exist with its first member. */
    public static Join group(String name) {
        return new Join(name);
    }

    /** 1 to 64 of {@code A-Z a-z 0-9 . _ -}, unique in the group on that daemon. Default: the daemon makes one. */
    public Join member(String name) {
        member = name;
        return this;
    }

    /** The member gives and takes state. Default: it has none. */
    public Join state(StateProvider provider) {
        state = provider;
        return with("state", true);
    }

    /** How long this member may make no progress before it is removed, 200 ms to a day. Default 30 s. */
    public Join slowConsumerTimeout(Duration time) {
        return with("slowConsumerTimeout", time.toMillis());
    }

    /** Whether the group takes messages from outside. Default true. */
    public Join open(boolean yes) {
        return with("open", yes);
    }

    /** Whether the group carries no other orders than agreed and safe. Default false. */
    public Join agreedOnly(boolean yes) {
        return with("agreedOnly", yes);
    }

    /** Whether the group begins empty when nobody is left who holds its state. Default false. */
    public Join startEmptyWhenStateIsLost(boolean yes) {
        return with("startEmptyWhenStateIsLost", yes);
    }

    /** Whether {@code open}, {@code agreedOnly} and {@code startEmptyWhenStateIsLost} must be the group's own, else the join fails. Default false. */
    public Join states(boolean yes) {
        return with("states", yes);
    }

    String group() {
        return group;
    }

    String member() {
        return member;
    }

    StateProvider state() {
        return state;
    }

    /** A copy: what is set later changes nothing. */
    Map<String, Object> options() {
        return new LinkedHashMap<>(options);
    }

    private Join with(String option, Object value) {
        options.put(option, value);
        return this;
    }
}
