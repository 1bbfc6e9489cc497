package io.handover.conversation.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.conversation.ConversationState;
import io.handover.conversation.Customer;
import io.handover.conversation.Fingerprints;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdEncodingTest {

    @Property(tries = 2_000, seed = "1")
    void shouldReadEveryIdAsItWasWritten(@ForAll("ids") String id) {
        // When / Then
        assertThat(IdEncoding.decode(IdEncoding.encode(id), 0)).isEqualTo(id);
    }

    @Property(tries = 2_000, seed = "2")
    void shouldReadEveryIdInAStateAsItWasWritten(@ForAll("ids") String id, @ForAll("prefixes") String prefix)
            throws StateEncoding.CorruptStateException {
        // Given
        Customer customer = new Customer(prefix + id, null, null, 1, null, 1);
        ConversationState state = new ConversationState(
                ConversationState.NEW.cycle(), ConversationState.NEW.sessions(), customer, Fingerprints.NONE, 1);
        StoredConversation stored = new StoredConversation(2, state);
        // When / Then
        assertThat(StoredConversation.decode(stored.encode())).isEqualTo(stored);
    }

    @Provide
    Arbitrary<String> prefixes() {
        return Arbitraries.oneOf(
                Arbitraries.of("", "s:", "p:", "u:", "x:", "s", "客户-", "é"),
                Arbitraries.strings().ofMaxLength(5));
    }

    @Provide
    Arbitrary<String> ids() {
        Arbitrary<String> uuids =
                Arbitraries.randomValue(random -> new UUID(random.nextLong(), random.nextLong()).toString());
        // Almost UUIDs: one character is another one.
        Arbitrary<String> almost = uuids.flatMap(uuid -> Arbitraries.integers()
                .between(0, uuid.length() - 1)
                .map(at -> {
                    StringBuilder changed = new StringBuilder(uuid);
                    changed.setCharAt(at, "-AFg0é".charAt(at % 6));
                    return changed.toString();
                }));
        return Arbitraries.oneOf(
                uuids, almost, Arbitraries.strings().excludeChars('\0').ofMaxLength(40));
    }

    @Test
    void shouldWriteAUuidIn17Bytes() {
        // When / Then
        assertThat(IdEncoding.encode("7c9e6679-7425-40de-944b-e07fc1f90ae7"))
                .hasSize(17)
                .startsWith(1, 0x7c, 0x9e);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "c",
                "7C9E6679-7425-40DE-944B-E07FC1F90AE7",
                "7c9e6679-7425-40de-944b-e07fc1f90aeg",
                "7c9e6679074250-40de-944b-e07fc1f90ae7",
                "7c9e6679-7425-40de-944b-e07fc1f90ae"
            })
    void shouldWriteEveryOtherIdAsText(String id) {
        // When
        byte[] bytes = IdEncoding.encode(id);
        // Then
        assertThat(bytes[0]).isZero();
        assertThat(IdEncoding.decode(bytes, 0)).isEqualTo(id);
    }

    @Test
    void shouldRejectOtherBytes() {
        // When / Then
        assertThatThrownBy(() -> IdEncoding.decode(new byte[0], 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> IdEncoding.decode(new byte[] {1, 2}, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 other bytes");
        assertThatThrownBy(() -> IdEncoding.decode(new byte[] {7}, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
