import groupcomm.Client;
import groupcomm.Group;
import groupcomm.GroupListener;
import groupcomm.Message;
import groupcomm.View;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Chat ENDPOINT NAME: lines of the keyboard go to everybody. */
final class Chat implements GroupListener {
    private Chat() {
    }

    @Override
    public void onMessage(Group group, Message message) {
        System.out.println((message.sender() == null ? "outside" : message.sender()) + ": " + message.text());
    }

    @Override
    public void onView(Group group, View view) {
        System.out.println("-- here: " + String.join(", ", view.members()));
    }

    public static void main(String[] args) throws Exception {
        try (Client client = Client.connect(args.length > 0 ? args[0] : "tcp:127.0.0.1:7481").join()) {
            Group chat = client.join("chat", args.length > 1 ? args[1] : "java", new Chat()).join();
            BufferedReader keyboard = new BufferedReader(new InputStreamReader(System.in));
            for (String line = keyboard.readLine(); line != null; line = keyboard.readLine())
                chat.send(line.getBytes(StandardCharsets.UTF_8)).delivered().join();
            chat.leave().join();
        }
    }
}
