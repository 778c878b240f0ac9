package groupcomm;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What the conformance suite cannot provoke: a daemon that is played frame by frame. */
final class ClientTest {
    private static final byte[] X = { 'x' };

    private final Checks checks;

    ClientTest(Checks checks) {
        this.checks = checks;
    }

    void run() throws Exception {
        aResumedSessionAcknowledgesThenSendsAgainWhatDidNotArrive();
        anAnswerOfALostSessionIsNotSentInTheNextOne();
        aFullWindowHoldsASendUntilTheDaemonAcknowledges();
        aWaitOnTheClientsOwnThreadThrows();
        whatIsNoEndpointIsRefusedAtOnce();
    }

    private void aResumedSessionAcknowledgesThenSendsAgainWhatDidNotArrive() throws Exception {
        try (FakeDaemon daemon = new FakeDaemon(); Client client = connect(daemon, 65_536)) {
            for (int i = 0; i < 3; i++)
                client.send("g", X, Order.FIFO, null);
            for (long ref = 1; ref <= 3; ref++)
                checks.equal("sent", ref, daemon.read().number(0));
            daemon.send(new Frame(Kind.RECEIPT, 1, 1, "n1#1:1:1"));
            checks.equal("acknowledged", 1L, daemon.read().number(0));
            daemon.cut();
            Frame hello = daemon.accept();
            checks.isTrue("HELLO has the session", hello.fields()[5] != null);
            checks.equal("received", 1L, hello.number(6));
            daemon.welcome(true, 1, 65_536);
            checks.equal("first after the resume", Kind.ACK, daemon.read().kind());
            checks.equal("sent again", 2L, daemon.read().number(0));
            checks.equal("sent again", 3L, daemon.read().number(0));
        }
    }

    private void anAnswerOfALostSessionIsNotSentInTheNextOne() throws Exception {
        CompletableFuture<Void> asked = new CompletableFuture<>(), free = new CompletableFuture<>(), over = new CompletableFuture<>();
        GroupListener listener = new GroupListener() {
            @Override
            public byte[] onQuery(Group group, Message query) {
                asked.complete(null);
                free.join();
                return X;
            }

            @Override
            public void onSignal(Group group, Signal signal) {
                checks.equal("signal", Signal.Kind.RESET, signal.kind());
                over.complete(null);
            }
        };
        try (FakeDaemon daemon = new FakeDaemon(); Client client = connect(daemon, 65_536)) {
            CompletableFuture<Group> joining = client.join("g", "a", listener);
            daemon.send(new Frame(Kind.REACHED, daemon.read().number(0)));
            joining.get(30, TimeUnit.SECONDS);
            checks.equal("JOIN's end is acknowledged", 1L, daemon.read().number(0));
            daemon.send(new Frame(Kind.ASK, 7, "n1#1:1:1", null, 3, 1, "t", X));
            asked.get(30, TimeUnit.SECONDS);
            CompletableFuture<String> lost = client.send("g", X, Order.FIFO, null).accepted();
            daemon.cut();
            daemon.accept();
            daemon.welcome(false, 0, 65_536);
            checks.equal("the member joins again", Kind.JOIN, daemon.read().kind());
            checks.isTrue("what was under way is unknown", lost.handle((id, error) -> error instanceof GroupCommException e && e.isOutcomeUnknown()).get(30, TimeUnit.SECONDS));
            free.complete(null);
            over.get(30, TimeUnit.SECONDS);
            client.send("g", X, Order.FIFO, null);
            checks.equal("next frame, after the answer was given", Kind.SEND, daemon.read().kind());
        }
    }

    private void aFullWindowHoldsASendUntilTheDaemonAcknowledges() throws Exception {
        try (FakeDaemon daemon = new FakeDaemon(); Client client = connect(daemon, 65_536)) {
            client.send("g", new byte[70_000], Order.FIFO, null); // beyond the window, and let through
            CompletableFuture<Void> second = CompletableFuture.runAsync(() -> client.send("g", X, Order.FIFO, null));
            daemon.read();
            daemon.send(new Frame(Kind.PING, 5));
            checks.equal("answered while a send waits", Kind.PONG, daemon.read().kind());
            daemon.send(new Frame(Kind.ACK, 1));
            checks.equal("let through", Kind.SEND, daemon.read().kind());
            second.get(30, TimeUnit.SECONDS);
        }
    }

    private void aWaitOnTheClientsOwnThreadThrows() throws Exception {
        try (FakeDaemon daemon = new FakeDaemon(); Client client = connect(daemon, 65_536)) {
            CompletableFuture<Boolean> thrown = new CompletableFuture<>();
            client.send("g", X, Order.FIFO, null).accepted().thenAccept(id -> {
                try {
                    client.send("g", X, Order.FIFO, null).accepted().thenApply(String::length).join();
                    thrown.complete(false);
                } catch (IllegalStateException e) {
                    thrown.complete(true);
                }
            });
            daemon.send(new Frame(Kind.RECEIPT, daemon.read().number(0), 1, "n1#1:1:1"));
            checks.isTrue("a wait in a callback throws", thrown.get(30, TimeUnit.SECONDS));
        }
    }

    private void whatIsNoEndpointIsRefusedAtOnce() {
        for (String text : new String[] { "", "unix:", "tcp:host", "tcp::1", "tcp:host:65536", "tcp:host:x", "http://host:1" }) {
            boolean isRefused = false;
            try {
                Client.connect(text);
            } catch (IllegalArgumentException e) {
                isRefused = true;
            }
            checks.isTrue("'" + text + "' is refused", isRefused);
        }
        checks.equal("IPv6", "::1", Endpoint.parse("tcp:[::1]:7481").host());
    }

    private static Client connect(FakeDaemon daemon, long window) throws Exception {
        CompletableFuture<Client> connecting = Client.connect(daemon.endpoint());
        daemon.accept();
        daemon.welcome(false, 0, window);
        return connecting.get(30, TimeUnit.SECONDS);
    }
}
