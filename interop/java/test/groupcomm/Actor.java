package groupcomm;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** One client of the puppet. */
final class Actor implements GroupListener, StateProvider {
    private static final int LONGEST_TEXT = 256;

    private final String name;
    private final List<String> state = Collections.synchronizedList(new ArrayList<>());
    private final ExecutorService turn = Executors.newSingleThreadExecutor(work -> Threads.create("actor", work)); // keeps sends in order; one may wait for the window
    private volatile CompletableFuture<Void> free = CompletableFuture.completedFuture(null);
    private volatile Client client;
    private volatile Group group;
    private volatile boolean givesState;
    private volatile boolean quiet;

    Actor(String name) {
        this.name = name;
    }

    void take(Map<?, ?> line) {
        String what = text(line, "do");
        if (List.of("cut", "hold", "release", "state", "raw").contains(what))
            run(line, what);
        else
            turn.execute(() -> run(line, what));
    }

    private void run(Map<?, ?> line, String what) {
        try {
            act(what, line).whenComplete((ok, error) -> Puppet.answer(line.get("n"), ok, error));
        } catch (Exception e) {
            Puppet.answer(line.get("n"), null, e);
        }
    }

    private CompletableFuture<Map<String, Object>> act(String what, Map<?, ?> line) {
        switch (what) {
            case "connect": return connect(line);
            case "join": return join(line);
            case "send": return send(line);
            case "sendTo": return nothing(group.sendTo(text(line, "to"), bytes(line), text(line, "type")));
            case "query": return group.query(text(line, "type"), bytes(line), (int) number(line, "target", 0)).thenApply(Actor::answers);
            case "bench": return bench(line);
            case "barrier": return nothing(group.barrier());
            case "leave": return nothing(group.leave());
            case "close": client.close(); break;
            case "cut": client.cut(); break;
            case "hold": free = new CompletableFuture<>(); break;
            case "release": free.complete(null); break;
            case "state": return ok("state", List.copyOf(state));
            case "raw": client.writeRaw(HexFormat.of().parseHex(text(line, "hex"))); break;
            default: throw new IllegalArgumentException("unknown command " + what);
        }
        return ok();
    }

    private CompletableFuture<Map<String, Object>> connect(Map<?, ?> line) {
        String[] at = ((List<?>) line.get("at")).toArray(new String[0]);
        Options options = new Options((int) number(line, "window", 1 << 20), Duration.ofSeconds(number(line, "grace", 10)), Duration.ofSeconds(number(line, "patience", 30)), "java-puppet");
        client = Client.connect(options, at).join();
        client.closed().thenAccept(error -> tell("closed", "code", error.code()));
        return ok("node", client.node());
    }

    private CompletableFuture<Map<String, Object>> join(Map<?, ?> line) {
        Join join = Join.group(text(line, "group")).member(text(line, "member"));
        givesState = Boolean.TRUE.equals(line.get("state"));
        if (givesState)
            join.state(this);
        if (line.get("options") instanceof Map<?, ?> options)
            options.forEach((option, value) -> set(join, (String) option, value));
        return client.join(join, this).thenApply(joined -> {
            group = joined;
            return Puppet.map("self", joined.self());
        });
    }

    private static void set(Join join, String option, Object value) {
        switch (option) {
            case "slowConsumerTimeout" -> join.slowConsumerTimeout(Duration.ofMillis((Long) value));
            case "open" -> join.open((Boolean) value);
            case "agreedOnly" -> join.agreedOnly((Boolean) value);
            case "startEmptyWhenStateIsLost" -> join.startEmptyWhenStateIsLost((Boolean) value);
            case "states" -> join.states((Boolean) value);
            default -> throw new IllegalArgumentException("unknown option " + option);
        }
    }

    private CompletableFuture<Map<String, Object>> send(Map<?, ?> line) {
        Order order = Order.of(number(line, "order", 3));
        String type = line.containsKey("typed") ? "typed" : text(line, "type"), until = line.containsKey("until") ? text(line, "until") : "delivered";
        Receipt receipt = line.containsKey("group") ? client.send(text(line, "group"), bytes(line), order, type) : group.send(bytes(line), order, type);
        return receipt.at(Receipt.Stage.valueOf(until.toUpperCase())).thenApply(id -> Puppet.map("id", id));
    }

    private CompletableFuture<Map<String, Object>> bench(Map<?, ?> line) {
        quiet = true;
        return new Bench(group, bytes(line), Order.of(number(line, "order", 3))).run((int) number(line, "messages", 0), (int) number(line, "inFlight", 1));
    }

    @Override
    public void onMessage(Group to, Message message) {
        if (quiet)
            return;
        free.join();
        Map<String, Object> told = Puppet.map("as", name, "event", "message", "id", message.id(), "from", message.sender(), "order", message.order().number(),
            "position", message.position(), "type", message.type(), "view", message.view().id(), "size", message.payload().length);
        if ("typed".equals(message.type()))
            told.put("typed", Typed.toJson(Msgpack.unpack(message.payload())));
        else if (message.payload().length <= LONGEST_TEXT) {
            told.put("text", message.text());
            if (message.position() > 0)
                state.add(message.text());
            if (message.text().startsWith("answer me:"))
                to.send(("answered:" + message.text().substring(10)).getBytes(StandardCharsets.UTF_8));
        }
        Puppet.say(told.entrySet().stream().flatMap(entry -> Arrays.asList(entry.getKey(), entry.getValue()).stream()).toArray());
    }

    @Override
    public byte[] onQuery(Group to, Message query) throws Exception {
        if (!"echo".equals(query.type()))
            return GroupListener.super.onQuery(to, query);
        if (query.text().equals("fail"))
            throw new IllegalStateException("told to fail");
        return (to.self().split("/")[1] + ":" + query.text()).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void onView(Group to, View view) {
        tell("view", "id", view.id(), "self", view.self(), "members", view.members(), "joined", view.joined(), "left", view.left(), "token", view.token());
    }

    @Override
    public void onSignal(Group to, Signal signal) {
        if (signal.kind() == Signal.Kind.RESET && !givesState)
            state.clear();
        tell("signal", "name", signal.kind().name().toLowerCase().replace('_', '-'), "reason", signal.reason());
    }

    @Override
    public void capture(OutputStream to) throws Exception {
        to.write(String.join("\n", List.copyOf(state)).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void restore(InputStream from) throws Exception {
        byte[] bytes = from.readAllBytes();
        state.clear();
        if (bytes.length > 0)
            state.addAll(Arrays.asList(new String(bytes, StandardCharsets.UTF_8).split("\n", -1)));
        tell("restored", "size", bytes.length);
    }

    private void tell(String event, Object... fields) {
        Object[] pairs = new Object[fields.length + 4];
        System.arraycopy(new Object[] { "as", name, "event", event }, 0, pairs, 0, 4);
        System.arraycopy(fields, 0, pairs, 4, fields.length);
        Puppet.say(pairs);
    }

    private static Map<String, Object> answers(List<Reply> replies) {
        return Puppet.map("answers", replies.stream().map(each -> Puppet.map("member", each.member(), "text", each.text(), "error", each.error(), "departed", each.departed())).toList());
    }

    private static byte[] bytes(Map<?, ?> line) {
        if (line.containsKey("typed"))
            return Msgpack.pack(Typed.fromJson(line.get("typed")));
        if (line.containsKey("text"))
            return text(line, "text").getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[(int) number(line, "size", 0)];
        Arrays.fill(bytes, (byte) 'x');
        return bytes;
    }

    private static String text(Map<?, ?> line, String field) {
        return (String) line.get(field);
    }

    private static long number(Map<?, ?> line, String field, long otherwise) {
        return line.get(field) instanceof Number number ? number.longValue() : otherwise;
    }

    private static CompletableFuture<Map<String, Object>> nothing(CompletableFuture<Void> done) {
        return done.thenApply(nothing -> Puppet.map());
    }

    private static CompletableFuture<Map<String, Object>> ok(Object... pairs) {
        return CompletableFuture.completedFuture(Puppet.map(pairs));
    }
}
