package io.handover.service;

import io.handover.schema.Topics;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names of the topics of an installation. Two installations on one cluster have different names.
 *
 * @param events the input topic: deliveries, clock ticks and agent profiles
 * @param commands the output topic
 * @param deadLetters what could not be read
 * @param agentLookups the agents whose profiles are asked for
 */
public record TopicNames(String events, String commands, String deadLetters, String agentLookups) {

    /** The names of an installation that sets none. */
    public static final TopicNames DEFAULT =
            new TopicNames(Topics.EVENTS, Topics.COMMANDS, Topics.DEAD_LETTERS, Topics.AGENT_LOOKUPS);

    /**
     * The names in the settings.
     *
     * @throws SettingsException if two topics have the same name
     */
    public static TopicNames of(Settings settings) {
        Map<String, String> keyByName = new HashMap<>();
        for (String key : SharedSettings.TOPIC_CONFIGS) {
            String name = settings.getString(key);
            @Nullable String other = keyByName.put(name, key);
            if (other != null) {
                throw new SettingsException(
                        other + " and " + key + " are both " + name + ". Each topic needs a name of its own.");
            }
        }
        return new TopicNames(
                settings.getString(SharedSettings.TOPIC_EVENTS_CONFIG),
                settings.getString(SharedSettings.TOPIC_COMMANDS_CONFIG),
                settings.getString(SharedSettings.TOPIC_DEAD_LETTERS_CONFIG),
                settings.getString(SharedSettings.TOPIC_AGENT_LOOKUPS_CONFIG));
    }
}
