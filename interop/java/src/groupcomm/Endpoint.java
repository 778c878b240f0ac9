package groupcomm;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.SocketChannel;

/** Where a daemon is: {@code unix:PATH} or {@code tcp:HOST:PORT}. */
record Endpoint(String text, String path, String host, int port) {
    static Endpoint parse(String text) {
        if (text.startsWith("unix:") && text.length() > 5)
            return new Endpoint(text, text.substring(5), null, 0);
        int colon = text.lastIndexOf(':');
        if (text.startsWith("tcp:") && colon > 4) {
            String host = text.substring(4, colon), port = text.substring(colon + 1);
            if (host.startsWith("[") && host.endsWith("]"))
                host = host.substring(1, host.length() - 1);
            if (port.matches("[0-9]{1,5}") && Integer.parseInt(port) < 1 << 16)
                return new Endpoint(text, null, host, Integer.parseInt(port));
        }
        throw new IllegalArgumentException("'" + text + "' is no endpoint: give unix:PATH or tcp:HOST:PORT");
    }

    /** Not connected yet, so that another thread can close it meanwhile. */
    SocketChannel open() throws IOException {
        if (path != null)
            return SocketChannel.open(StandardProtocolFamily.UNIX);
        SocketChannel channel = SocketChannel.open();
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        return channel;
    }

    SocketAddress address() throws UnknownHostException {
        if (path != null)
            return UnixDomainSocketAddress.of(path);
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved())
            throw new UnknownHostException("the name " + host + " is not known");
        return address;
    }

    @Override
    public String toString() {
        return text;
    }
}
