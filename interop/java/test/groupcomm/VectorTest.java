package groupcomm;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/** The codec against the vectors: {@code VectorTest FOLDER}, the folder that holds them. Says what fails, and fails then. */
final class VectorTest {
    // What is the daemon's alone to check.
    private static final Set<String> LENIENT = Set.of("option-not-bool");
    private static final Map<String, Object> DEFAULTS = Map.of("state", false, "states", false, "open", true, "agreedOnly", false, "startEmptyWhenStateIsLost", false,
        "slowConsumerTimeout", 30_000L);

    private final List<String> failures = new ArrayList<>();
    private final Map<?, ?> gateway, typed;
    private int checks;

    private VectorTest(Path folder) throws IOException {
        gateway = (Map<?, ?>) Json.read(Files.readString(folder.resolve("gateway/index.json")));
        typed = (Map<?, ?>) Json.read(Files.readString(folder.resolve("typed/index.json")));
    }

    public static void main(String[] args) throws IOException {
        VectorTest test = new VectorTest(Path.of(args.length > 0 ? args[0] : "vectors"));
        test.everyFrameIsEncodedAsItsVectorAndDecodedFromIt();
        test.badFramesAreRefused();
        test.whatALaterVersionAddsIsPassedOver();
        test.typedMessagesAreEncodedAsTheirVectorsAndDecodedFromThem();
        test.integersOf64BitsAndEverySizeSurvive();
        test.randomBytesNeverFailOtherwise();
        test.failures.forEach(System.out::println);
        System.out.println(test.checks + " checks, " + test.failures.size() + " failed");
        System.exit(test.failures.isEmpty() && test.checks > 0 ? 0 : 1);
    }

    private void everyFrameIsEncodedAsItsVectorAndDecodedFromIt() {
        for (Map<?, ?> vector : vectors(gateway, "frames")) {
            Kind kind = Kind.of((Long) vector.get("kind"));
            List<Object> fields = new ArrayList<>();
            ((Map<?, ?>) vector.get("fields")).values().forEach(each -> fields.add(Typed.fromJson(each)));
            if (kind == Kind.JOIN) {
                Map<Object, Object> options = new LinkedHashMap<>((Map<?, ?>) fields.get(3));
                options.entrySet().removeIf(option -> option.getValue().equals(DEFAULTS.get(option.getKey())));
                fields.set(3, options);
            }
            if (kind.form.isEmpty())
                fields.clear();
            String name = (String) vector.get("name");
            equal(name, vector.get("hex"), HexFormat.of().formatHex(new Frame(kind, fields.toArray()).encode()));
            Frame decoded = decode(vector);
            equal(name, kind, decoded == null ? null : decoded.kind());
            isTrue(name + " is decoded to its fields", decoded != null && Arrays.deepEquals(fields.toArray(), decoded.fields()));
        }
    }

    private void badFramesAreRefused() {
        for (Map<?, ?> vector : vectors(gateway, "bad")) {
            boolean isRefused = false;
            try {
                Frame.decode(payload(vector));
            } catch (BadFrameException e) {
                isRefused = true;
            }
            equal("refused: " + vector.get("name"), !LENIENT.contains(vector.get("name")), isRefused);
        }
    }

    private void whatALaterVersionAddsIsPassedOver() {
        Map<Object, Frame> frames = new LinkedHashMap<>();
        vectors(gateway, "frames").forEach(vector -> frames.put(vector.get("name"), decode(vector)));
        for (Map<?, ?> vector : vectors(gateway, "additive")) {
            Frame frame = decode(vector), same = frames.get(vector.get("readAs"));
            if (frame != null && frame.kind() == Kind.JOIN)
                frame.fields()[3] = Map.of(); // the daemon skips the option
            isTrue("additive: " + vector.get("name"), frame == null ? same == null : same != null && frame.kind() == same.kind() && Arrays.deepEquals(frame.fields(), same.fields()));
        }
    }

    private void typedMessagesAreEncodedAsTheirVectorsAndDecodedFromThem() {
        for (Map<?, ?> vector : vectors(typed, "messages")) {
            Object fields = Typed.fromJson(vector.get("fields"));
            equal("typed: " + vector.get("name"), vector.get("hex"), HexFormat.of().formatHex(Msgpack.pack(fields)));
            equal("typed: " + vector.get("name"), Typed.toJson(fields), Typed.toJson(Msgpack.unpack(HexFormat.of().parseHex((String) vector.get("hex")))));
        }
    }

    private void integersOf64BitsAndEverySizeSurvive() {
        for (int bits = 0; bits <= 64; bits++)
            for (int near = -1; near <= 1; near++)
                for (int sign = -1; sign <= 1; sign += 2) {
                    BigInteger value = BigInteger.ONE.shiftLeft(bits).add(BigInteger.valueOf(near)).multiply(BigInteger.valueOf(sign));
                    boolean fits = value.bitLength() < 64 || (value.signum() > 0 && value.bitLength() == 64);
                    if (fits)
                        equal("integer", value.toString(), Msgpack.unpack(Msgpack.pack(value)).toString());
                    else
                        isTrue(value + " is refused", throwsIllegalArgument(() -> Msgpack.pack(value)));
                }
        for (int size : new int[] { 0, 15, 16, 31, 32, 255, 256, 65_535, 65_536 }) {
            Map<Object, Object> map = new LinkedHashMap<>();
            for (long key = 0; key < size; key++)
                map.put(key, null);
            for (Object value : List.of("x".repeat(size), new byte[size], Collections.nCopies(size, true), map))
                isTrue("size " + size, Objects.deepEquals(value, Msgpack.unpack(Msgpack.pack(value))));
        }
    }

    private void randomBytesNeverFailOtherwise() {
        Random draw = new Random(84);
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = new byte[1 + draw.nextInt(40)];
            draw.nextBytes(bytes);
            bytes[0] = (byte) (0x90 | draw.nextInt(10));
            try {
                Frame.decode(bytes);
            } catch (BadFrameException e) {
                continue; // the one way to fail
            }
        }
        checks++;
    }

    private static Frame decode(Map<?, ?> vector) {
        try {
            return Frame.decode(payload(vector));
        } catch (BadFrameException e) {
            throw new IllegalStateException(vector.get("name") + " is refused: " + e.getMessage(), e);
        }
    }

    private static byte[] payload(Map<?, ?> vector) {
        byte[] frame = HexFormat.of().parseHex((String) vector.get("hex"));
        return Arrays.copyOfRange(frame, 4, frame.length);
    }

    private static List<Map<?, ?>> vectors(Map<?, ?> index, String part) {
        List<Map<?, ?>> vectors = new ArrayList<>();
        ((List<?>) index.get(part)).forEach(each -> vectors.add((Map<?, ?>) each));
        return vectors;
    }

    private static boolean throwsIllegalArgument(Runnable work) {
        try {
            work.run();
            return false;
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    private void equal(String what, Object wanted, Object is) {
        isTrue(what + " is " + is + ", not " + wanted, Objects.equals(wanted, is));
    }

    private void isTrue(String what, boolean holds) {
        checks++;
        if (!holds)
            failures.add(what);
    }
}
