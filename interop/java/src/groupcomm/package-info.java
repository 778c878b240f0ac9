/**
 * A member of a group through the daemon {@code groupcomm serve}: views, four orders, state transfer, queries.
 *
 * <p>{@link groupcomm.Client#connect(String...)}, then {@link groupcomm.Client#join(String, String, groupcomm.GroupListener)}.
 */
package groupcomm;
