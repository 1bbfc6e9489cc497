package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTest {

    private static Page page(@Nullable Long next, long... times) {
        return new Page(
                LongStream.of(times)
                        .mapToObj(time -> new Page.Item(new TimeKey(time, "c"), new JsonObject().put("time", time)))
                        .toList(),
                next == null ? null : new TimeKey(next, "c"));
    }

    private static List<Long> times(Page page) {
        return page.items().stream().map(item -> item.json().getLong("time")).toList();
    }

    @Test
    void shouldMergeInOrder() {
        // When
        Page merged = Page.merged(List.of(page(null, 1, 4, 9), page(null, 2, 3)), 10);
        // Then
        assertThat(times(merged)).containsExactly(1L, 2L, 3L, 4L, 9L);
        assertThat(merged.next()).isNull();
    }

    @Test
    void shouldGoOnAfterTheLastItemOfAFullPage() {
        // When
        Page merged = Page.merged(List.of(page(null, 1, 4, 9), page(null, 2, 3)), 3);
        // Then
        assertThat(times(merged)).containsExactly(1L, 2L, 3L);
        assertThat(merged.next()).isEqualTo(new TimeKey(3, "c"));
    }

    @Test
    void shouldNotPassThePartitionThatHasLookedLeastFar() {
        // When
        Page merged = Page.merged(List.of(page(5L, 1, 4), page(8L, 2, 7), page(null, 3, 6)), 10);
        // Then
        assertThat(times(merged)).containsExactly(1L, 2L, 3L, 4L);
        assertThat(merged.next()).isEqualTo(new TimeKey(5, "c"));
    }

    @Test
    void shouldHaveACursorEvenIfNothingWasFoundSoFar() {
        // When
        Page merged = Page.merged(List.of(page(5L), page(null, 6)), 10);
        // Then
        assertThat(merged.items()).isEmpty();
        assertThat(merged.next()).isEqualTo(new TimeKey(5, "c"));
    }

    @Test
    void shouldReadTheCursorThatItWrote() {
        for (long time : new long[] {0, 1, 1_700_000_000_000L, Long.MAX_VALUE}) {
            for (String id : new String[] {"c", "0b9d1c52-4e0a-4a8e-9d0f-7a1c5e2f3b01", "é€\u0000"}) {
                // Given
                TimeKey key = new TimeKey(time, id);
                // When
                String cursor = new Page(List.of(), key).addTo(new JsonObject()).getString("next");
                // Then
                assertThat(Page.cursor(cursor)).isEqualTo(key);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAAA", "AAAAAAAAAAA", "________________", "%", "a b", "AAAAAAAAAAAAA="})
    void shouldRejectWhatIsNoCursor(String text) {
        assertThatThrownBy(() -> Page.cursor(text))
                .isInstanceOfSatisfying(
                        RequestException.class, e -> assertThat(e.status()).isEqualTo(400));
    }

    @Test
    void shouldRejectALongCursor() {
        assertThatThrownBy(() -> Page.cursor("A".repeat(2_052))).isInstanceOf(RequestException.class);
    }

    @Test
    void shouldOrderKeysByTime() {
        // Given
        List<TimeKey> keys = new ArrayList<>();
        for (long time : new long[] {255, 256, 1, 65_536, -3}) {
            keys.add(new TimeKey(time, "c"));
        }
        // When
        keys.sort(null);
        // Then
        assertThat(keys.stream().map(TimeKey::time).toList()).isEqualTo(Arrays.asList(-3L, 1L, 255L, 256L, 65_536L));
    }
}
