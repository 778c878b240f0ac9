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

/** The codec against the vectors. */
final class VectorTest {
    // What is the daemon's alone to check.
    private static final Set<String> LENIENT = Set.of("option-not-bool");
    private static final Map<String, Object> DEFAULTS = Map.of("state", false, "states", false, "open", true, "agreedOnly", false, "startEmptyWhenStateIsLost", false,
        "slowConsumerTimeout", 30_000L);

    private final Checks checks;
    private final Map<?, ?> gateway, typed;

    VectorTest(Checks checks, Path folder) throws IOException {
        this.checks = checks;
        gateway = (Map<?, ?>) Json.read(Files.readString(folder.resolve("gateway/index.json")));
        typed = (Map<?, ?>) Json.read(Files.readString(folder.resolve("typed/index.json")));
    }

    void run() {
        everyFrameIsEncodedAsItsVectorAndDecodedFromIt();
        badFramesAreRefused();
        whatALaterVersionAddsIsPassedOver();
        typedMessagesAreEncodedAsTheirVectorsAndDecodedFromThem();
        integersOf64BitsAndEverySizeSurvive();
        randomBytesNeverFailOtherwise();
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
            checks.equal(name, vector.get("hex"), HexFormat.of().formatHex(new Frame(kind, fields.toArray()).encode()));
            Frame decoded = decode(vector);
            checks.equal(name, kind, decoded == null ? null : decoded.kind());
            checks.isTrue(name + " is decoded to its fields", decoded != null && Arrays.deepEquals(fields.toArray(), decoded.fields()));
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
            checks.equal("refused: " + vector.get("name"), !LENIENT.contains(vector.get("name")), isRefused);
        }
    }

    private void whatALaterVersionAddsIsPassedOver() {
        Map<Object, Frame> frames = new LinkedHashMap<>();
        vectors(gateway, "frames").forEach(vector -> frames.put(vector.get("name"), decode(vector)));
        for (Map<?, ?> vector : vectors(gateway, "additive")) {
            Frame frame = decode(vector), same = frames.get(vector.get("readAs"));
            if (frame != null && frame.kind() == Kind.JOIN)
                frame.fields()[3] = Map.of(); // the daemon skips the option
            checks.isTrue("additive: " + vector.get("name"), frame == null ? same == null : same != null && frame.kind() == same.kind() && Arrays.deepEquals(frame.fields(), same.fields()));
        }
    }

    private void typedMessagesAreEncodedAsTheirVectorsAndDecodedFromThem() {
        for (Map<?, ?> vector : vectors(typed, "messages")) {
            Object fields = Typed.fromJson(vector.get("fields"));
            checks.equal("typed: " + vector.get("name"), vector.get("hex"), HexFormat.of().formatHex(Msgpack.pack(fields)));
            checks.equal("typed: " + vector.get("name"), Typed.toJson(fields), Typed.toJson(Msgpack.unpack(HexFormat.of().parseHex((String) vector.get("hex")))));
        }
    }

    private void integersOf64BitsAndEverySizeSurvive() {
        for (int bits = 0; bits <= 64; bits++)
            for (int near = -1; near <= 1; near++)
                for (int sign = -1; sign <= 1; sign += 2) {
                    BigInteger value = BigInteger.ONE.shiftLeft(bits).add(BigInteger.valueOf(near)).multiply(BigInteger.valueOf(sign));
                    boolean fits = value.bitLength() < 64 || (value.signum() > 0 && value.bitLength() == 64);
                    if (fits)
                        checks.equal("integer", value.toString(), Msgpack.unpack(Msgpack.pack(value)).toString());
                    else
                        checks.isTrue(value + " is refused", throwsIllegalArgument(() -> Msgpack.pack(value)));
                }
        for (int size : new int[] { 0, 15, 16, 31, 32, 255, 256, 65_535, 65_536 }) {
            Map<Object, Object> map = new LinkedHashMap<>();
            for (long key = 0; key < size; key++)
                map.put(key, null);
            for (Object value : List.of("x".repeat(size), new byte[size], Collections.nCopies(size, true), map))
                checks.isTrue("size " + size, Objects.deepEquals(value, Msgpack.unpack(Msgpack.pack(value))));
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
        checks.isTrue("random bytes are frames or bad frames", true);
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
}
