package groupcomm;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Counts what was checked and holds what failed. */
final class Checks {
    private final List<String> failures = new ArrayList<>();
    private int count;

    void equal(String what, Object wanted, Object is) {
        isTrue(what + " is " + is + ", not " + wanted, Objects.equals(wanted, is));
    }

    void isTrue(String what, boolean holds) {
        count++;
        if (!holds)
            failures.add(what);
    }

    /** Says it all. @return whether everything held */
    boolean sum() {
        failures.forEach(System.out::println);
        System.out.println(count + " checks, " + failures.size() + " failed");
        return count > 0 && failures.isEmpty();
    }
}
