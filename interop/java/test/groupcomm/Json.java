package groupcomm;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON for the tests: null, Boolean, Long, Double, String, List, Map. It reads only what the suite and the vectors hold. */
final class Json {
    private final String text;
    private int at;

    private Json(String text) {
        this.text = text;
    }

    static Object read(String text) {
        Json json = new Json(text);
        Object value = json.value();
        json.skip();
        if (json.at != text.length())
            throw new IllegalArgumentException("text follows the value at " + json.at);
        return value;
    }

    static String write(Object value) {
        StringBuilder to = new StringBuilder();
        write(to, value);
        return to.toString();
    }

    private Object value() {
        skip();
        char first = text.charAt(at);
        if (first == '"')
            return string();
        if (first == '[' || first == '{')
            return first == '[' ? list() : map();
        int start = at;
        while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0)
            at++;
        String word = text.substring(start, at);
        return switch (word) {
            case "null" -> null;
            case "true" -> true;
            case "false" -> false;
            default -> word.matches("-?[0-9]+") ? (Object) Long.valueOf(word) : (Object) Double.valueOf(word);
        };
    }

    private List<Object> list() {
        List<Object> items = new ArrayList<>();
        at++;
        while (!ends(']')) {
            items.add(value());
            separator();
        }
        return items;
    }

    private Map<String, Object> map() {
        Map<String, Object> items = new LinkedHashMap<>();
        at++;
        while (!ends('}')) {
            String key = string();
            skip();
            at++; // the colon
            items.put(key, value());
            separator();
        }
        return items;
    }

    private boolean ends(char close) {
        skip();
        if (text.charAt(at) != close)
            return false;
        at++;
        return true;
    }

    private void separator() {
        skip();
        if (text.charAt(at) == ',')
            at++;
    }

    private String string() {
        StringBuilder to = new StringBuilder();
        for (at++; text.charAt(at) != '"'; at++) {
            char each = text.charAt(at);
            if (each != '\\') {
                to.append(each);
                continue;
            }
            each = text.charAt(++at);
            if (each == 'u') {
                to.append((char) Integer.parseInt(text.substring(at + 1, at + 5), 16));
                at += 4;
            } else
                to.append("bfnrt".indexOf(each) < 0 ? each : "\b\f\n\r\t".charAt("bfnrt".indexOf(each)));
        }
        at++;
        return to.toString();
    }

    private void skip() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at)))
            at++;
    }

    private static void write(StringBuilder to, Object value) {
        if (value instanceof String string)
            quote(to, string);
        else if (value instanceof List<?> list) {
            to.append('[');
            list.forEach(item -> {
                write(to, item);
                to.append(',');
            });
            close(to, list.isEmpty(), ']');
        } else if (value instanceof Map<?, ?> map) {
            to.append('{');
            map.forEach((key, item) -> {
                quote(to, (String) key);
                to.append(':');
                write(to, item);
                to.append(',');
            });
            close(to, map.isEmpty(), '}');
        } else
            to.append(value);
    }

    private static void close(StringBuilder to, boolean isEmpty, char end) {
        if (!isEmpty)
            to.setLength(to.length() - 1);
        to.append(end);
    }

    private static void quote(StringBuilder to, String string) {
        to.append('"');
        for (char each : string.toCharArray())
            if (each >= ' ' && each < 127 && each != '"' && each != '\\')
                to.append(each);
            else
                to.append(String.format("\\u%04x", (int) each));
        to.append('"');
    }
}
