import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.zip.CRC32C;
import org.jgroups.JChannel;
import org.jgroups.Message;
import org.jgroups.ReceiverAdapter;
import org.jgroups.View;

/** JGroups over TCP with SEQUENCER: agreed order. Speaks the lines of bench.h; see README.md. */
public final class Jgroups extends ReceiverAdapter {
    private static final int MARK = 1;

    private final int self;
    private final CountDownLatch met = new CountDownLatch(1);
    private final int nodes;
    private final Semaphore back = new Semaphore(0);
    private final CRC32C crc = new CRC32C();
    private JChannel channel;
    private volatile boolean probing;
    private long count, hash, first, last, cpuBefore;
    private int open;
    private long[] samples = new long[1 << 16];
    private int sampled;

    private Jgroups(int self, int nodes) {
        this.self = self;
        this.nodes = nodes;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length != 3) {
            System.out.println("failed\tusage: Jgroups ID NODES CONFIGURATION");
            System.exit(1);
        }
        System.setProperty("java.net.preferIPv4Stack", "true");
        new Jgroups(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1])).run(arguments[2]);
    }

    private void run(String configuration) throws Exception {
        channel = new JChannel(configuration);
        channel.setReceiver(this);
        channel.connect("bench");
        met.await();
        say("joined\t" + self + "\t0");
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in));
        String line;
        while ((line = lines.readLine()) != null) {
            String[] fields = line.split("\t");
            switch (fields[0]) {
                case "count" -> begin(Integer.parseInt(fields[1]));
                case "send" -> send(Integer.parseInt(fields[1]), Long.parseLong(fields[2]));
                case "probe" -> probe();
                case "ping" -> ping(Integer.parseInt(fields[1]), Integer.parseInt(fields[2]));
                case "rank" -> say("rank\t" + channel.getView().getMembers().indexOf(channel.getAddress())); // 0 orders for all
                case "times" -> say(times());
                default -> { }
            }
        }
        Runtime.getRuntime().halt(0);
    }

    @Override
    public void viewAccepted(View view) {
        if (view.size() == nodes)
            met.countDown();
    }

    @Override
    public synchronized void receive(Message message) {
        byte[] bytes = message.getRawBuffer();
        int from = message.getOffset(), size = message.getLength();
        if (size == MARK) {
            last = System.nanoTime();
            if (--open == 0)
                say(report());
            return;
        }
        if (probing) {
            long head = ByteBuffer.wrap(bytes, from, size).getLong();
            if ((head & 0xff) == self) {
                if (sampled == samples.length)
                    samples = Arrays.copyOf(samples, 2 * sampled);
                samples[sampled++] = System.nanoTime() - (head & ~0xffL);
                back.release();
            }
            return;
        }
        if (count++ == 0)
            first = System.nanoTime();
        crc.reset();
        crc.update(bytes, from, size);
        hash = (Long.rotateLeft(hash, 5) ^ crc.getValue()) * 0x9E3779B97F4A7C15L;
    }

    private synchronized void begin(int senders) {
        count = hash = first = last = 0;
        probing = false;
        open = senders;
        cpuBefore = cpu();
        say("ready");
    }

    private synchronized void probe() {
        probing = true;
        sampled = 0;
        say("ready");
    }

    /** The channel blocks a sender whose credit is used up. */
    private void send(int size, long milliseconds) throws Exception {
        long until = System.nanoTime() + milliseconds * 1_000_000;
        long number = 0;
        do
            channel.send(null, null, payload(size, ++number << 8));
        while (System.nanoTime() < until);
        channel.send(null, null, new byte[MARK]);
    }

    private void ping(int size, int times) throws Exception {
        back.drainPermits();
        for (int i = 0; i < times; i++) {
            channel.send(null, null, payload(Math.max(8, size), System.nanoTime()));
            back.acquire();
        }
        say("pinged");
    }

    private byte[] payload(int size, long stamp) {
        byte[] payload = new byte[size]; // the library keeps it
        ByteBuffer.wrap(payload).putLong((stamp & ~0xffL) | self);
        return payload;
    }

    private synchronized String times() {
        long[] sorted = Arrays.copyOf(samples, sampled);
        Arrays.sort(sorted);
        return "times\t" + at(sorted, 0.5) + "\t" + at(sorted, 0.99) + "\t" + at(sorted, 0.999) + "\t0\t0\t0";
    }

    private static double at(long[] sorted, double part) {
        return sorted.length == 0 ? 0 : sorted[Math.min(sorted.length - 1, (int) (part * sorted.length))] / 1000.0;
    }

    private String report() {
        return "burst\t" + count + "\t" + (last - first) / 1e6 + "\t" + String.format("%016x", hash) + "\t" + (cpu() - cpuBefore) + "\t-1\t" + resident();
    }

    private static long cpu() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime() / 1000;
    }

    private static long resident() {
        try {
            return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ")[1]) * 4096;
        } catch (IOException unreadable) {
            return 0;
        }
    }

    private static void say(String line) {
        synchronized (System.out) {
            System.out.println(line);
            System.out.flush();
        }
    }
}
