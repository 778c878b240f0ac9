package groupcomm;

import java.nio.charset.StandardCharsets;

/**
 * A member's answer to a query: a value, an error in words, or its departure.
 *
 * @param member   who answers
 * @param value    the answer; null when there is none
 * @param error    why the member could not answer; else null
 * @param departed it left the group, or was excluded, before it answered
 */
public record Reply(String member, byte[] value, String error, boolean departed) {
    /** The value as UTF-8; null when there is none. */
    public String text() {
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    static Reply of(String member, long status, byte[] payload) {
        return new Reply(member, status == 0 ? payload : null, status == 1 ? new String(payload, StandardCharsets.UTF_8) : null, status == 2);
    }
}
