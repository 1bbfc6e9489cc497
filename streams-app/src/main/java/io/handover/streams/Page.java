package io.handover.streams;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list that is ordered by time and conversation. Pages of several partitions
 * or instances are merged into one.
 *
 * @param next everything up to this key has been looked at, and more follows; null if nothing follows
 */
record Page(List<Item> items, @Nullable TimeKey next) {

    private static final int CURSOR_MAX_LENGTH = 2_048;

    /** An item and its position. */
    record Item(TimeKey key, JsonObject json) {}

    /** Merges pages. Beyond the end of the shortest one, an item could be missing. */
    static Page merged(Collection<Page> pages, int limit) {
        TimeKey end = pages.stream()
                .map(Page::next)
                .filter(next -> next != null)
                .min(Comparator.naturalOrder())
                .orElse(null);
        List<Item> items = new ArrayList<>();
        for (Page page : pages) {
            for (Item item : page.items()) {
                if (end == null || item.key().compareTo(end) <= 0) {
                    items.add(item);
                }
            }
        }
        items.sort(Comparator.comparing(Item::key));
        return items.size() <= limit
                ? new Page(items, end)
                : new Page(
                        List.copyOf(items.subList(0, limit)),
                        items.get(limit - 1).key());
    }

    /** Adds the items and the cursor to an answer. */
    JsonObject addTo(JsonObject answer) {
        JsonArray array = new JsonArray();
        items.forEach(item -> array.add(item.json()));
        answer.put("items", array);
        if (next != null) {
            answer.put("next", next.toText());
        }
        return answer;
    }

    /**
     * Returns the key in a cursor.
     *
     * @throws RequestException if it is no cursor
     */
    static @Nullable TimeKey cursor(@Nullable String text) {
        if (text == null) {
            return null;
        }
        TimeKey key = text.length() > CURSOR_MAX_LENGTH ? null : TimeKey.ofText(text);
        if (key == null) {
            throw new RequestException(
                    RequestException.BAD_REQUEST, "The parameter after is no cursor: take next of the page before.");
        }
        return key;
    }
}
