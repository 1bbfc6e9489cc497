package io.handover.history.report;

import io.handover.conversation.TransferPolicy;
import io.handover.conversation.fold.CustomerAddress;
import io.handover.service.Settings;
import io.handover.service.StreamsAppSettings;

/**
 * A setting that a back-test decides with.
 *
 * @param name the name that the user gave it
 */
public record Setting(String name, TransferPolicy policy, CustomerAddress customerAddress) {

    public static Setting of(String name, Settings settings) {
        return new Setting(name, StreamsAppSettings.policy(settings), StreamsAppSettings.customerAddress(settings));
    }
}
