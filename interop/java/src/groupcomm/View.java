package groupcomm;

import java.util.List;

/**
 * A view of the group.
 *
 * @param group   the group's name
 * @param id      {@code VIEW.NUMBER}: the cluster's view and the group's own count
 * @param self    this member, {@code NODE/NAME}
 * @param members all of them, in rank order
 * @param joined  those who were not in the view before
 * @param left    those who no longer are
 * @param reason  why it changed
 * @param token   the fencing token: grows with every view of the group, and compares as text
 */
public record View(String group, String id, String self, List<String> members, List<String> joined, List<String> left, String reason, String token) {
}
