package groupcomm;

/**
 * MessagePack, as far as frames and typed messages need it. The values are null, Boolean, Long (BigInteger beyond it), Double, String,
 * byte[], List and Map; what is written may also be another Number or a BigInteger of at most 64 bits. A typed message is one Map whose keys
 * are the names of its properties.
 */
public final class Msgpack {
    private static final int MAX_NESTING = 32;

    private Msgpack() {
    }

    /**
     * One value as bytes; integers take their shortest form.
     *
     * @throws IllegalArgumentException a part of it has no form in MessagePack, or it is nested more than 32 deep
     */
    public static byte[] pack(Object value) {
        return pack(value, 0);
    }

    /**
     * The one value that the bytes are. They are not trusted: sizes are checked against the bytes that are there.
     *
     * @throws IllegalArgumentException they are not one value, or it is nested more than 32 deep
     */
    public static Object unpack(byte[] bytes) {
        return unpack(bytes, MAX_NESTING);
    }

    /** With so many zeros in front. */
    static byte[] pack(Object value, int room) {
        MsgpackWriter writer = new MsgpackWriter(room);
        writer.write(value, MAX_NESTING);
        return writer.toBytes();
    }

    static Object unpack(byte[] bytes, int maxNesting) {
        return new MsgpackReader(bytes).readAll(maxNesting);
    }
}
