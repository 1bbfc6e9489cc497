package io.handover.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.service.Secrets;
import io.handover.service.SettingsException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticationTest {

    /** Test case 2 of RFC 4231. */
    private static final String RFC_KEY = "Jefe";

    private static final byte[] RFC_BODY = bytes("what do ya want for nothing?");
    private static final String RFC_HEX = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    private static final String RFC_BASE64 = "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=";

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "new-key, true",
        "old-key, true",
        "new-ke, false",
        "new-key2, false",
        "Bearer new-key, false",
        "NEW-KEY, false",
        "'', false",
        ", false"
    })
    void shouldAcceptBothKeysExactly(@Nullable String header, boolean admitted) {
        // Given
        Authentication keys = new Authentication.ApiKey(secrets("new-key", "old-key"));

        // When
        boolean result = keys.acceptsHeader(header);

        // Then
        assertThat(result).isEqualTo(admitted);
    }

    @Test
    void shouldRejectAReplacedKey() {
        // Given
        Secrets secrets = secrets("old-key");
        Authentication keys = new Authentication.ApiKey(secrets);

        // When
        secrets.replaceWith(List.of(bytes("new-key")));

        // Then
        assertThat(keys.acceptsHeader("new-key")).isTrue();
        assertThat(keys.acceptsHeader("old-key")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        RFC_HEX + ", true",
        "sha256=" + RFC_HEX + ", true",
        RFC_BASE64 + ", false",
        "sha256=" + RFC_BASE64 + ", false"
    })
    void shouldAcceptTheSignatureOfTheBody(String header, boolean hex) {
        // Given
        Authentication signatures = new Authentication.Signature(secrets("another", RFC_KEY), hex);

        // When
        boolean head = signatures.acceptsHeader(header);
        boolean body = signatures.acceptsBody(header, RFC_BODY);

        // Then
        assertThat(head).isTrue();
        assertThat(body).isTrue();
    }

    @Test
    void shouldRejectTheSignatureOfAnotherBody() {
        // Given
        Authentication signatures = new Authentication.Signature(secrets(RFC_KEY), true);

        // When
        boolean admitted = signatures.acceptsBody(RFC_HEX, bytes("What do ya want for nothing?"));

        // Then
        assertThat(admitted).isFalse();
    }

    @Test
    void shouldRejectTheSignatureWithAnotherSecret() {
        // Given
        Authentication signatures = new Authentication.Signature(secrets("Jeff"), true);

        // When
        boolean admitted = signatures.acceptsBody(RFC_HEX, RFC_BODY);

        // Then
        assertThat(admitted).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "sha256=", "5bdc", RFC_BASE64, "sha1=" + RFC_HEX, RFC_HEX + "00", "zz" + RFC_HEX})
    void shouldRejectAnInvalidSignatureBeforeTheBodyIsRead(String header) {
        // Given
        Authentication signatures = new Authentication.Signature(secrets(RFC_KEY), true);

        // When
        boolean admitted = signatures.acceptsHeader(header);

        // Then
        assertThat(admitted).isFalse();
        assertThat(signatures.acceptsHeader(null)).isFalse();
    }

    @Test
    void shouldReadOneSecretPerLine() {
        // Given
        byte[] file = bytes("new-key\r\n\n  old key\t\n");

        // When
        List<byte[]> secrets = Secrets.parse(file);

        // Then
        assertThat(secrets).containsExactly(bytes("new-key"), bytes("old key"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n \n", "key-1\nkey-2\nkey-3", "key-\u00fc", "key-\t1"})
    void shouldRejectAFileWithoutValidSecrets(String content) {
        // Given
        byte[] file = bytes(content);

        // When / Then
        assertThatThrownBy(() -> Secrets.parse(file))
                .isInstanceOf(SettingsException.class)
                .hasMessageNotContaining("key-");
    }

    private static Secrets secrets(String... texts) {
        return new Secrets(
                List.of(texts).stream().map(AuthenticationTest::bytes).toList());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
