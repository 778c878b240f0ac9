package groupcomm;

import java.time.Duration;

/**
 * How a client connects.
 *
 * @param window   bytes under way towards this client, 65,536 to 16,777,216
 * @param grace    how long the member stays while the connection is cut, 0 to 10 minutes
 * @param patience how long the client tries to connect before it gives up
 * @param name     for the daemon's log
 */
public record Options(int window, Duration grace, Duration patience, String name) {
    /** 1 MiB, 10 s, 30 s. */
    public static final Options DEFAULT = new Options(1 << 20, Duration.ofSeconds(10), Duration.ofSeconds(30), "groupcomm-java 0.1");

    /** Checks the ranges. */
    public Options {
        if (window < 1 << 16 || window > 1 << 24)
            throw new IllegalArgumentException("window is " + window + "; give 65536 to 16777216 bytes");
        if (grace.isNegative() || grace.compareTo(Duration.ofMinutes(10)) > 0)
            throw new IllegalArgumentException("grace is " + grace + "; give 0 to 10 minutes");
        if (patience.isNegative())
            throw new IllegalArgumentException("patience is " + patience + "; give 0 or more");
        if (name.length() > 250)
            throw new IllegalArgumentException("the name has " + name.length() + " characters; give at most 250");
    }
}
