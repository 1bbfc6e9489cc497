package io.handover.history.report;

import io.handover.conversation.TransferPolicy;
import io.handover.conversation.fold.CustomerAddress;
import io.handover.service.Settings;
import io.handover.streams.StreamsSettings;

/**
 * A way to decide that is tried.
 *
 * @param name as it was asked for
 */
public record Setting(String name, TransferPolicy policy, CustomerAddress customerAddress) {

    public static Setting of(String name, Settings settings) {
        return new Setting(name, StreamsSettings.policy(settings), StreamsSettings.customerAddress(settings));
    }
}
