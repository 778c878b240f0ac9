import groupcomm.Client;
import groupcomm.Group;
import groupcomm.GroupListener;
import groupcomm.Join;
import groupcomm.Message;
import groupcomm.Order;
import groupcomm.StateProvider;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Counter ENDPOINT NAME TIMES: a counter that all replicas hold; a late one gets it by state transfer. */
final class Counter implements GroupListener, StateProvider {
    private volatile long count; // written by the listener's thread alone

    private Counter() {
    }

    @Override
    public void onMessage(Group group, Message message) {
        count = count + Long.parseLong(message.text());
    }

    @Override
    public void capture(OutputStream to) throws IOException {
        DataOutputStream data = new DataOutputStream(to);
        data.writeLong(count);
        data.flush();
    }

    @Override
    public void restore(InputStream from) throws IOException {
        count = new DataInputStream(from).readLong();
    }

    public static void main(String[] args) {
        Counter replica = new Counter();
        String name = args.length > 1 ? args[1] : "java";
        int times = args.length > 2 ? Integer.parseInt(args[2]) : 10;
        try (Client client = Client.connect(args.length > 0 ? args[0] : "tcp:127.0.0.1:7481").join()) {
            Group counter = client.join(Join.group("counter").member(name).state(replica), replica).join();
            for (int i = 0; i < times; i++)
                counter.send(new byte[] { '1' }, Order.SAFE).safe().join();
            counter.barrier().join();
            System.out.println(name + ": " + replica.count);
            counter.leave().join();
        }
    }
}
