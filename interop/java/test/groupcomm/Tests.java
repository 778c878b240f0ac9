package groupcomm;

import java.nio.file.Path;

/** {@code Tests FOLDER}: all tests that need no daemon; the folder holds the vectors. Says what fails, and fails then. */
final class Tests {
    private Tests() {
    }

    public static void main(String[] args) throws Exception {
        Checks checks = new Checks();
        new VectorTest(checks, Path.of(args.length > 0 ? args[0] : "vectors")).run();
        new ClientTest(checks).run();
        System.exit(checks.sum() ? 0 : 1);
    }
}
