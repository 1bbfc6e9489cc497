package io.handover.conversation.fold;

import io.handover.schema.Delivery.EventBody;
import io.handover.schema.EventType;
import org.jspecify.annotations.Nullable;

/**
 * Selects the address field that holds the customer's Open Messaging id. An agent's session is addressed to the
 * customer; the customer's session is addressed from the customer. So the default is {@code addressTo} for events of
 * agents, and {@code addressFrom} for events of the customer.
 */
public record CustomerAddress(Field ofAgents, Field ofCustomers) {

    /** An address field of the event body. */
    public enum Field {
        ADDRESS_TO("addressTo"),
        ADDRESS_FROM("addressFrom"),
        NONE("none");

        private final String label;

        Field(String label) {
            this.label = label;
        }

        /** The value in the settings. */
        public String label() {
            return label;
        }

        private @Nullable String of(EventBody body) {
            return switch (this) {
                case ADDRESS_TO -> body.addressTo();
                case ADDRESS_FROM -> body.addressFrom();
                case NONE -> null;
            };
        }
    }

    public static final CustomerAddress DEFAULT = new CustomerAddress(Field.ADDRESS_TO, Field.ADDRESS_FROM);

    /** The customer's Open Messaging id as the event states it, or null. */
    @Nullable
    String of(EventType type, EventBody body) {
        return switch (type) {
            case USER_START, USER_END, ACW -> ofAgents.of(body);
            case CUSTOMER_START, CUSTOMER_END -> ofCustomers.of(body);
            case ACD_START, ACD_END, FLOW_START, FLOW_END, FLOW_OUTCOME, WRAPUP -> null;
        };
    }
}
