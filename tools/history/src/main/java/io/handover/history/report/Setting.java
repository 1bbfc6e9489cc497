package io.handover.history.report;

import io.handover.conversation.TransferPolicy;
import io.handover.conversation.fold.CustomerAddress;
import io.handover.service.Settings;
import io.handover.service.StreamsAppSettings;

/**
 * A combination of settings of streams-app, under which a back-test decides.
 *
 * @param name the name in the report, for example the text of {@code --compare}
 */
public record Setting(String name, TransferPolicy policy, CustomerAddress customerAddress) {

    public static Setting of(String name, Settings settings) {
        return new Setting(name, StreamsAppSettings.policy(settings), StreamsAppSettings.customerAddress(settings));
    }
}
