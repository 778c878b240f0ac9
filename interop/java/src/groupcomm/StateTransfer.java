package groupcomm;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** State on its way out of this member and into it, in parts. One transfer of a direction is under way. */
final class StateTransfer {
    private static final int PART = 1 << 16;

    private final Outgoing outgoing;
    private final StateProvider provider;
    private volatile long canceled;
    private long restoring;
    private ByteArrayOutputStream parts;

    StateTransfer(Outgoing outgoing, StateProvider provider) {
        this.outgoing = outgoing;
        this.provider = provider;
    }

    /** CAPTURE. */
    void capture(long transfer, long life) {
        String failure = null;
        try {
            if (provider != null) {
                Parts to = new Parts(transfer, life);
                provider.capture(to);
                to.flush();
            }
        } catch (Exception e) {
            failure = Texts.cut(e);
        }
        if (canceled != transfer)
            outgoing.reply(life, new Frame(Kind.END, transfer, failure), true);
    }

    /** RESTORE. */
    void begin(long transfer) {
        restoring = transfer;
        parts = new ByteArrayOutputStream();
    }

    /** PART. */
    void part(long transfer, byte[] bytes) {
        if (parts != null && restoring == transfer)
            parts.writeBytes(bytes);
    }

    /** END: takes the state if it is whole. */
    void end(long transfer, String error, long life) {
        if (parts == null || restoring != transfer)
            return;
        byte[] state = parts.toByteArray();
        parts = null;
        if (error != null)
            return;
        String failure = null;
        try {
            provider.restore(new ByteArrayInputStream(state));
        } catch (Exception e) {
            failure = Texts.cut(e);
        }
        outgoing.reply(life, new Frame(Kind.END, transfer, failure), true);
    }

    /** CANCEL, as soon as it is read: a capture under way ends. */
    void stop(long transfer) {
        canceled = transfer;
    }

    /** CANCEL, at its place. */
    void drop(long transfer) {
        if (restoring == transfer)
            parts = null;
    }

    private final class Parts extends OutputStream {
        private final long transfer, life;
        private final byte[] buffer = new byte[PART];
        private int length;

        Parts(long transfer, long life) {
            this.transfer = transfer;
            this.life = life;
        }

        @Override
        public void write(int octet) throws IOException {
            buffer[length++] = (byte) octet;
            if (length == PART)
                flush();
        }

        @Override
        public void write(byte[] bytes, int from, int count) throws IOException {
            for (int end = from + count; from < end;) {
                int taken = Math.min(PART - length, end - from);
                System.arraycopy(bytes, from, buffer, length, taken);
                length += taken;
                from += taken;
                if (length == PART)
                    flush();
            }
        }

        @Override
        public void flush() throws IOException {
            if (canceled == transfer)
                throw new IOException("the transfer was canceled");
            if (length > 0)
                outgoing.send(life, new Frame(Kind.PART, transfer, Arrays.copyOf(buffer, length)).encode(), true, true);
            length = 0;
        }
    }
}
