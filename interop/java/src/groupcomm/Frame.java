package groupcomm;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A frame of the gateway protocol: an array of its kind and fields. Reading checks every field. */
record Frame(Kind kind, Object... fields) {
    private static final int MAX_NESTING = 8;
    private static final long FIRST_SKIPPABLE = 128, MAX_NUMBER = (1L << 53) - 1;

    /** The bytes with their length before them. */
    byte[] encode() {
        List<Object> items = new ArrayList<>(fields.length + 1);
        items.add((long) kind.number);
        items.addAll(Arrays.asList(fields));
        byte[] payload = Msgpack.pack(items, 4);
        ByteBuffer.wrap(payload).putInt(payload.length - 4);
        return payload;
    }

    /** The frame of a payload; null for a kind that a later version may have added. */
    static Frame decode(byte[] payload) throws BadFrameException {
        Object value;
        try {
            value = Msgpack.unpack(payload, MAX_NESTING);
        } catch (IllegalArgumentException e) {
            throw new BadFrameException(e.getMessage());
        }
        if (!(value instanceof List<?> items) || items.isEmpty() || !fits('u', items.get(0)))
            throw new BadFrameException("a frame is an array that begins with its kind");
        long number = (Long) items.get(0);
        if (number >= FIRST_SKIPPABLE)
            return null;
        Kind kind = Kind.of(number);
        if (kind == null)
            throw new BadFrameException(number + " is no kind of frame");
        String form = kind.form;
        if (items.size() <= form.length())
            throw new BadFrameException(kind + " has " + (items.size() - 1) + " fields, not " + form.length());
        Object[] fields = new Object[form.length()];
        for (int i = 0; i < fields.length; i++) {
            fields[i] = items.get(i + 1);
            if (!fits(form.charAt(i), fields[i]))
                throw new BadFrameException("field " + (i + 1) + " of " + kind + " is not what it must be");
        }
        return new Frame(kind, fields);
    }

    long number(int field) {
        return (Long) fields[field];
    }

    boolean flag(int field) {
        return (Boolean) fields[field];
    }

    String text(int field) {
        return (String) fields[field];
    }

    byte[] bytes(int field) {
        return (byte[]) fields[field];
    }

    List<String> texts(int field) {
        return ((List<?>) fields[field]).stream().map(String.class::cast).toList();
    }

    private static boolean fits(char form, Object value) {
        return switch (form) {
            case 'u' -> isBetween(value, 0, MAX_NUMBER);
            case 'n' -> isBetween(value, -MAX_NUMBER, MAX_NUMBER);
            case 'o' -> isBetween(value, 1, 4);
            case 'f' -> isBetween(value, 0, 15);
            case 'b' -> value instanceof Boolean;
            case 's' -> value instanceof String;
            case 'S' -> value == null || value instanceof String;
            case 'y' -> value instanceof byte[];
            case 'i' -> value instanceof byte[] bytes && bytes.length == 16;
            case 'I' -> value == null || fits('i', value);
            case 'a' -> value instanceof List<?> list && list.stream().allMatch(String.class::isInstance);
            case 'm' -> value instanceof Map;
            default -> throw new IllegalStateException("no such form: " + form);
        };
    }

    private static boolean isBetween(Object value, long least, long most) {
        return value instanceof Long number && number >= least && number <= most;
    }
}
