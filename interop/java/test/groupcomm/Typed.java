package groupcomm;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Typed values as the suite and the vectors write them in JSON: integers as {@code int:12}, bytes as {@code hex:00ff}. */
final class Typed {
    private Typed() {
    }

    static Object fromJson(Object json) {
        if (json instanceof String text && text.startsWith("int:"))
            return integer(new BigInteger(text.substring(4)));
        if (json instanceof String text && text.startsWith("hex:"))
            return HexFormat.of().parseHex(text.substring(4));
        if (json instanceof List<?> list)
            return list.stream().map(Typed::fromJson).toList();
        if (json instanceof Map<?, ?> map) {
            Map<Object, Object> items = new LinkedHashMap<>();
            map.forEach((key, item) -> items.put(key, fromJson(item)));
            return items;
        }
        return json;
    }

    static Object toJson(Object value) {
        if (value instanceof Long || value instanceof BigInteger)
            return "int:" + value;
        if (value instanceof byte[] bytes)
            return "hex:" + HexFormat.of().formatHex(bytes);
        if (value instanceof List<?> list)
            return list.stream().map(Typed::toJson).toList();
        if (value instanceof Map<?, ?> map) {
            Map<Object, Object> items = new LinkedHashMap<>();
            map.forEach((key, item) -> items.put(key, toJson(item)));
            return items;
        }
        return value;
    }

    private static Object integer(BigInteger value) {
        return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
    }
}
