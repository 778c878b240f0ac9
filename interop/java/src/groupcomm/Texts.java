package groupcomm;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/** Bounds of texts in frames: what breaks them would end the connection. */
final class Texts {
    private static final Pattern MEMBER = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private Texts() {
    }

    /** So much of it as every field takes. */
    static String cut(String text) {
        return text.length() <= 250 ? text : text.substring(0, Character.isHighSurrogate(text.charAt(249)) ? 249 : 250);
    }

    static String cut(Throwable error) {
        return cut(error.getMessage() == null ? error.getClass().getSimpleName() : error.getMessage());
    }

    static String group(String name) {
        if (name.isEmpty() || name.length() > 256 || bytes(name) > 1024)
            throw new IllegalArgumentException("a group's name has 1 to 256 characters, not " + name.length());
        return name;
    }

    static String member(String name) {
        if (name != null && !MEMBER.matcher(name).matches())
            throw new IllegalArgumentException("a member's name is 1 to 64 of A-Z a-z 0-9 . _ -, not '" + name + "'");
        return name;
    }

    static String type(String type) {
        if (type != null && (type.length() > 256 || bytes(type) > 1024))
            throw new IllegalArgumentException("a type has at most 256 characters, not " + type.length());
        return type;
    }

    static String address(String member) {
        if (bytes(member) > 1024)
            throw new IllegalArgumentException("a member is named NODE/NAME as in View.members; this text is too long for one");
        return member;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
