package io.handover.schema;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The values of one JSON object by field. The object {@code detail} also holds the values of {@code detail.eventBody}.
 */
final class DeliveryValues {

    /** In characters. Genesys ids, addresses and topics are shorter. */
    private static final int MAX_TEXT = 256;

    private static final int FIELDS = DeliveryField.values().length;

    private final @Nullable Object[] values = new Object[FIELDS];

    void set(DeliveryField field, @Nullable Object value) {
        values[field.index()] = value;
    }

    @Nullable
    Object get(DeliveryField field) {
        return values[field.index()];
    }

    @Nullable
    String text(DeliveryField field) {
        return (String) get(field);
    }

    @Nullable
    Long number(DeliveryField field) {
        return (Long) get(field);
    }

    /** The values of {@code detail}, or null for a data action. */
    @Nullable
    DeliveryValues detail() {
        return (DeliveryValues) get(DeliveryField.DETAIL);
    }

    /** The values of the given fields. Absent values are left out. */
    Map<DeliveryField, Object> present(Set<DeliveryField> fields) {
        Map<DeliveryField, Object> present = new EnumMap<>(DeliveryField.class);
        for (DeliveryField field : fields) {
            Object value = get(field);
            if (value != null) {
                present.put(field, value);
            }
        }
        return present;
    }

    /** Removes the values of {@code eventBody}. */
    void clearBody() {
        Arrays.fill(values, DeliveryField.EVENT_TIME.index(), DeliveryField.CALLBACK_DURATION.index() + 1, null);
    }

    /**
     * Checks that no text of the given fields is too long.
     *
     * @throws UnreadableRecordException if a text is too long
     */
    void requireBounded(List<DeliveryField> boundedFields) {
        for (int i = 0; i < boundedFields.size(); i++) {
            DeliveryField field = boundedFields.get(i);
            String text = text(field);
            if (text != null && text.length() > MAX_TEXT) {
                throw new UnreadableRecordException("Expected field '" + field.jsonName() + "' of at most " + MAX_TEXT
                        + " characters, but it has " + text.length());
            }
        }
    }
}
