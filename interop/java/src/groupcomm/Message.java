package groupcomm;

import java.nio.charset.StandardCharsets;

/**
 * A delivered message or query. The payload is not copied: it is the receiver's own.
 *
 * @param id       {@code NODE:VIEW:SEQUENCE}, never used twice
 * @param sender   the member that sent it; null when it came from outside the group
 * @param order    the order it was sent in
 * @param position counts the messages and queries of the view from 1; 0 for a message to this member alone
 * @param type     the id of a typed message, a media type, or null: raw bytes
 * @param payload  what was sent
 * @param view     the view it is delivered in
 */
public record Message(String id, String sender, Order order, long position, String type, byte[] payload, View view) {
    /** The payload as UTF-8. */
    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }
}
