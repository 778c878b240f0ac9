package groupcomm;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The other end of one client's connections, played by a test. */
final class FakeDaemon implements AutoCloseable {
    private final Path folder = Files.createTempDirectory("groupcomm-java");
    private final ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    private Link link;

    FakeDaemon() throws IOException {
        listener.bind(UnixDomainSocketAddress.of(folder.resolve("socket")));
    }

    String endpoint() {
        return "unix:" + folder.resolve("socket");
    }

    /** The next connection's HELLO. */
    Frame accept() throws Exception {
        link = new Link(listener.accept());
        return read();
    }

    void welcome(boolean resumed, long received, long window) throws IOException {
        send(new Frame(Kind.WELCOME, 1, new byte[16], resumed, received, window, 1 << 20, "n1#1", "test", true));
        link.greeted(1 << 20);
    }

    /** The next frame that is no PING. */
    Frame read() throws Exception {
        while (true) {
            Frame frame = link.read().frame();
            if (frame.kind() != Kind.PING)
                return frame;
        }
    }

    void send(Frame frame) throws IOException {
        link.write(List.of(frame.encode()));
    }

    void cut() {
        link.close();
    }

    @Override
    public void close() throws IOException {
        if (link != null)
            link.close();
        listener.close();
        Files.delete(folder.resolve("socket"));
        Files.delete(folder);
    }
}
