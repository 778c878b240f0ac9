package groupcomm;

import java.io.InputStream;
import java.io.OutputStream;

/**
 * Gives the state of a member to one that joins, and takes it. Called like a {@link GroupListener}: after everything before it and before
 * everything after it. The members of a group either all have one or none.
 */
public interface StateProvider {
    /**
     * Writes the state as it is now. The stream sends as it goes and waits when the daemon is behind; it need not be closed.
     *
     * @throws Exception the transfer fails, and the joiner asks another member
     */
    void capture(OutputStream to) throws Exception;

    /**
     * Replaces all that this member knew by the state of another one.
     *
     * @throws Exception the join fails
     */
    void restore(InputStream from) throws Exception;
}
