package groupcomm;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;

/** One connection: frames out of bytes and back. One thread reads and one writes; any may close. */
final class Link implements AutoCloseable {
    /** The daemon said {@code CLOSE} and why. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        final transient GroupCommException why;

        Refused(Frame close) {
            super(close.text(1));
            why = new GroupCommException(close.text(0), close.text(1), close.text(2));
        }
    }

    /** A frame as it came; {@code frame} is null if a later version added its kind. */
    record Arrived(Frame frame, int size) {
    }

    private static final int FIRST_FRAME = 1 << 16, LARGEST_VIEW = 1 << 24, HEADROOM = 1 << 16;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocateDirect(1 << 17).flip(), out = ByteBuffer.allocateDirect(1 << 17);
    private long largest = FIRST_FRAME;
    private volatile long heard = System.nanoTime();
    private volatile boolean greeted;

    Link(SocketChannel channel) {
        this.channel = channel;
    }

    /** {@code WELCOME} came: frames may be as large as messages now. */
    void greeted(long largestPayload) {
        largest = Math.min(Math.max(LARGEST_VIEW, largestPayload + HEADROOM), Integer.MAX_VALUE - 64);
        greeted = true;
    }

    boolean isGreeted() {
        return greeted;
    }

    /** Since the last frame came. */
    long quietNanos() {
        return System.nanoTime() - heard;
    }

    Arrived read() throws IOException, BadFrameException, Refused {
        long length = ByteBuffer.wrap(read(4)).getInt() & 0xffffffffL;
        if (length == 0 || length > largest)
            throw new BadFrameException("a frame of " + length + " bytes is announced");
        Frame frame = Frame.decode(read((int) length));
        heard = System.nanoTime();
        if (frame != null && frame.kind() == Kind.CLOSE)
            throw new Refused(frame);
        return new Arrived(frame, (int) length + 4);
    }

    /** Many small frames go out at once; a large one in pieces. */
    void write(List<byte[]> frames) throws IOException {
        out.clear();
        for (byte[] frame : frames)
            for (int at = 0; at < frame.length;) {
                if (!out.hasRemaining())
                    flush();
                int count = Math.min(out.remaining(), frame.length - at);
                out.put(frame, at, count);
                at += count;
            }
        flush();
    }

    /** Nothing more is written. The other side reads to the end and closes. */
    void finish() throws IOException {
        channel.shutdownOutput();
    }

    /** Reads until the other side closes, so that what was written last is not lost. */
    void drain() {
        try {
            do
                in.clear();
            while (channel.read(in) >= 0);
        } catch (IOException e) {
            // That is the end as well.
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    private void flush() throws IOException {
        out.flip();
        while (out.hasRemaining())
            channel.write(out);
        out.clear();
    }

    private byte[] read(int count) throws IOException {
        byte[] bytes = new byte[count];
        for (int at = 0; at < count;) {
            if (!in.hasRemaining()) {
                in.clear();
                int read = channel.read(in);
                in.flip();
                if (read < 0)
                    throw new EOFException("the connection ended");
            }
            int taken = Math.min(in.remaining(), count - at);
            in.get(bytes, at, taken);
            at += taken;
        }
        return bytes;
    }
}
