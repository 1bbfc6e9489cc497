package io.handover.schema;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The values of one JSON object by field. The values of {@code detail.eventBody} are among those of {@code detail}. */
final class DeliveryValues {

    /** Longer than any id, address or topic. */
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

    /** The values of {@code detail}, or null in a data action. */
    @Nullable
    DeliveryValues detail() {
        return (DeliveryValues) get(DeliveryField.DETAIL);
    }

    /** The values of the given fields, without absent ones. */
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
     * Checks the length of the texts that a sender must not be able to inflate.
     *
     * @throws UnreadableRecordException if one of them is too long
     */
    void requireBounded(Set<DeliveryField> boundedFields) {
        for (DeliveryField field : boundedFields) {
            String text = text(field);
            if (text != null && text.length() > MAX_TEXT) {
                throw new UnreadableRecordException("Expected field '" + field.jsonName() + "' of at most " + MAX_TEXT
                        + " characters, but it has " + text.length());
            }
        }
    }
}
