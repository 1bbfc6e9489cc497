package io.handover.fakeaws;

import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A text with the wildcards of IAM: an asterisk for any characters, a question mark for one. */
final class Wildcard {

    private Wildcard() {}

    static boolean matches(String wildcard, String text) {
        String regex = wildcard.chars()
                .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c)))
                .collect(Collectors.joining());
        return Pattern.compile(regex, Pattern.DOTALL).matcher(text).matches();
    }
}
