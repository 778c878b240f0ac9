package groupcomm;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;

/** The Java client on strings: the conformance suite sends commands as JSON lines and reads what happens (interop/conformance.md). */
final class Puppet {
    private static final PrintStream OUT = new PrintStream(System.out, false, StandardCharsets.UTF_8);

    private Puppet() {
    }

    public static void main(String[] args) throws Exception {
        Map<String, Actor> actors = new ConcurrentHashMap<>();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Map<?, ?> command = (Map<?, ?>) Json.read(line);
            actors.computeIfAbsent((String) command.get("as"), Actor::new).take(command);
        }
        System.exit(0);
    }

    static void answer(Object number, Map<String, Object> ok, Throwable thrown) {
        if (thrown == null) {
            say("n", number, "ok", ok);
            return;
        }
        Throwable error = thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (error instanceof GroupCommException failure)
            say("n", number, "error", failure.code(), "detail", failure.detail());
        else
            say("n", number, "error", error.getClass().getSimpleName(), "detail", String.valueOf(error.getMessage()));
    }

    static void say(Object... pairs) {
        String line = Json.write(map(pairs));
        synchronized (OUT) {
            OUT.println(line);
            OUT.flush();
        }
    }

    static Map<String, Object> map(Object... pairs) {
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2)
            map.put((String) pairs[i], pairs[i + 1]);
        return map;
    }
}
