package io.handover.history.backtest;

import io.handover.service.Settings;
import io.handover.streams.CustomerAddress;
import io.handover.streams.StreamsSettings;
import io.handover.streams.conversation.TransferPolicy;

/**
 * A way to decide that is tried.
 *
 * @param name as it was asked for
 */
record Setting(String name, TransferPolicy policy, CustomerAddress customerAddress) {

    static Setting of(String name, Settings settings) {
        return new Setting(name, StreamsSettings.policy(settings), StreamsSettings.customerAddress(settings));
    }
}
