package groupcomm;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Values to bytes, each in its shortest form. */
final class MsgpackWriter {
    private byte[] buffer = new byte[64];
    private int length;

    MsgpackWriter(int room) {
        length = room;
    }

    byte[] toBytes() {
        return Arrays.copyOf(buffer, length);
    }

    void write(Object value, int nesting) {
        if (value == null)
            put(0xc0);
        else if (value instanceof Boolean flag)
            put(flag ? 0xc3 : 0xc2);
        else if (value instanceof String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            head(bytes.length, 0xa0, 32, 0xd9, 0xda);
            put(bytes);
        } else if (value instanceof byte[] bytes) {
            head(bytes.length, 0, 0, 0xc4, 0xc5);
            put(bytes);
        } else if (value instanceof Number number)
            number(number);
        else if (value instanceof List<?> list) {
            head(list.size(), 0x90, 16, 0, 0xdc);
            for (Object item : list)
                write(item, inside(nesting));
        } else if (value instanceof Map<?, ?> map) {
            head(map.size(), 0x80, 16, 0, 0xde);
            map.forEach((key, item) -> {
                write(key, inside(nesting));
                write(item, inside(nesting));
            });
        } else
            throw new IllegalArgumentException(value.getClass().getName() + " has no form in MessagePack");
    }

    private static int inside(int nesting) {
        if (nesting == 0)
            throw new IllegalArgumentException("lists and maps are nested too deep");
        return nesting - 1;
    }

    private void number(Number value) {
        if (value instanceof Double || value instanceof Float)
            sized(0xcb, Double.doubleToLongBits(value.doubleValue()), 8);
        else if (!(value instanceof BigInteger big) || big.bitLength() < Long.SIZE)
            integer(value.longValue());
        else if (big.signum() > 0 && big.bitLength() == Long.SIZE)
            sized(0xcf, big.longValue(), 8);
        else
            throw new IllegalArgumentException("an integer has at most 64 bits");
    }

    private void integer(long value) {
        if (value >= -32 && value < 128)
            put((int) value);
        else if (value >= 0)
            sized(value < 1L << 8 ? 0xcc : value < 1L << 16 ? 0xcd : value < 1L << 32 ? 0xce : 0xcf, value, value < 1L << 8 ? 1 : value < 1L << 16 ? 2 : value < 1L << 32 ? 4 : 8);
        else if (value >= Byte.MIN_VALUE)
            sized(0xd0, value, 1);
        else if (value >= Short.MIN_VALUE)
            sized(0xd1, value, 2);
        else if (value >= Integer.MIN_VALUE)
            sized(0xd2, value, 4);
        else
            sized(0xd3, value, 8);
    }

    /** The code for 32 bits follows that for 16. */
    private void head(int size, int fix, int fixLimit, int code8, int code16) {
        if (size < fixLimit)
            put(fix | size);
        else if (code8 != 0 && size < 1 << 8)
            sized(code8, size, 1);
        else if (size < 1 << 16)
            sized(code16, size, 2);
        else
            sized(code16 + 1, size, 4);
    }

    private void sized(int code, long value, int bytes) {
        put(code);
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8)
            put((int) (value >> shift));
    }

    private void put(int octet) {
        reserve(1);
        buffer[length++] = (byte) octet;
    }

    private void put(byte[] bytes) {
        reserve(bytes.length);
        System.arraycopy(bytes, 0, buffer, length, bytes.length);
        length += bytes.length;
    }

    private void reserve(int more) {
        if (buffer.length - length < more)
            buffer = Arrays.copyOf(buffer, Math.max(Math.addExact(length, more), (int) Math.min(2L * buffer.length, Integer.MAX_VALUE - 16)));
    }
}
