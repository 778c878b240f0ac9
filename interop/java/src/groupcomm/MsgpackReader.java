package groupcomm;

import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Bytes to values. What is read is untrusted: no size is believed before the bytes are there. */
final class MsgpackReader {
    private static final BigInteger UNSIGNED = BigInteger.ONE.shiftLeft(Long.SIZE);

    private final ByteBuffer from;

    MsgpackReader(byte[] bytes) {
        from = ByteBuffer.wrap(bytes);
    }

    Object readAll(int nesting) {
        try {
            Object value = read(nesting);
            if (from.hasRemaining())
                throw new IllegalArgumentException("bytes follow the value");
            return value;
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("the bytes end before the value does", e);
        }
    }

    private Object read(int nesting) {
        int code = from.get() & 0xff;
        if (code < 0x80)
            return (long) code;
        if (code >= 0xe0)
            return (long) (byte) code;
        if (code < 0x90)
            return map(code & 0x0f, nesting);
        if (code < 0xa0)
            return list(code & 0x0f, nesting);
        if (code < 0xc0)
            return text(code & 0x1f);
        return switch (code) {
            case 0xc0 -> null;
            case 0xc2 -> false;
            case 0xc3 -> true;
            case 0xc4 -> bytes(size(1));
            case 0xc5 -> bytes(size(2));
            case 0xc6 -> bytes(size(4));
            case 0xca -> (double) from.getFloat();
            case 0xcb -> from.getDouble();
            case 0xcc -> size(1);
            case 0xcd -> size(2);
            case 0xce -> size(4);
            case 0xcf -> unsigned(from.getLong());
            case 0xd0 -> (long) from.get();
            case 0xd1 -> (long) from.getShort();
            case 0xd2 -> (long) from.getInt();
            case 0xd3 -> from.getLong();
            case 0xd9 -> text(size(1));
            case 0xda -> text(size(2));
            case 0xdb -> text(size(4));
            case 0xdc -> list(size(2), nesting);
            case 0xdd -> list(size(4), nesting);
            case 0xde -> map(size(2), nesting);
            case 0xdf -> map(size(4), nesting);
            default -> throw new IllegalArgumentException("the code 0x" + Integer.toHexString(code) + " is not read here");
        };
    }

    private long size(int bytes) {
        return bytes == 1 ? from.get() & 0xff : bytes == 2 ? from.getShort() & 0xffff : from.getInt() & 0xffffffffL;
    }

    private static Object unsigned(long value) {
        if (value >= 0)
            return value;
        return BigInteger.valueOf(value).add(UNSIGNED);
    }

    private byte[] bytes(long size) {
        if (size > from.remaining())
            throw new BufferUnderflowException();
        byte[] bytes = new byte[(int) size];
        from.get(bytes);
        return bytes;
    }

    private String text(long size) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes(size))).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a str is not UTF-8", e);
        }
    }

    private List<Object> list(long size, int nesting) {
        int inside = inside(nesting);
        List<Object> items = new ArrayList<>();
        for (long i = 0; i < size; i++)
            items.add(read(inside));
        return items;
    }

    private Map<Object, Object> map(long size, int nesting) {
        int inside = inside(nesting);
        Map<Object, Object> items = new LinkedHashMap<>();
        for (long i = 0; i < size; i++) {
            Object key = read(inside);
            items.put(key, read(inside));
        }
        return items;
    }

    private static int inside(int nesting) {
        if (nesting == 0)
            throw new IllegalArgumentException("arrays and maps are nested too deep");
        return nesting - 1;
    }
}
