package io.handover.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * An integration of Genesys Cloud with Amazon EventBridge.
 *
 * @param id the id of the integration
 * @param name the name of the integration
 * @param intendedState what an administrator wants: {@code ENABLED} or {@code DISABLED}
 * @param reportedState what Genesys reports: {@code ACTIVE}, {@code ACTIVATING}, {@code INACTIVE} and others
 * @param version the version of the configuration. Genesys refuses a change of another version
 * @param configuration the configuration
 */
public record EventBridgeIntegration(
        String id, String name, String intendedState, String reportedState, int version, Configuration configuration) {

    /** The type of these integrations. */
    static final String TYPE = "amazon-eventbridge-source";

    /**
     * The configuration of an integration. It is empty until somebody has configured the integration.
     *
     * @param accountId the AWS account that receives the events
     * @param region the AWS region that receives the events
     * @param suffix the last part of the name of the event source
     * @param topics the topics whose events are sent, sorted
     * @param notes a text for people
     */
    public record Configuration(String accountId, String region, String suffix, List<String> topics, String notes) {
        public Configuration {
            Objects.requireNonNull(accountId, "accountId");
            Objects.requireNonNull(region, "region");
            Objects.requireNonNull(suffix, "suffix");
            Objects.requireNonNull(notes, "notes");
            topics = List.copyOf(new TreeSet<>(topics));
        }

        /** Whether somebody has configured the integration. */
        public boolean isEmpty() {
            return accountId.isEmpty() && suffix.isEmpty() && topics.isEmpty() && notes.isEmpty();
        }

        private static Configuration read(JsonNode json) {
            JsonNode properties = json.path("properties");
            TreeSet<String> topics = new TreeSet<>();
            properties.path("eventFilter").forEach(topic -> topics.add(topic.asText()));
            return new Configuration(
                    GenesysHttp.text(properties, "awsAccountId"),
                    GenesysHttp.text(properties, "awsAccountRegion"),
                    GenesysHttp.text(properties, "eventSourceSuffix"),
                    List.copyOf(topics),
                    GenesysHttp.text(json, "notes"));
        }
    }

    public EventBridgeIntegration {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(intendedState, "intendedState");
        Objects.requireNonNull(reportedState, "reportedState");
        Objects.requireNonNull(configuration, "configuration");
    }

    /** Reads an integration, and its configuration from another answer. */
    static EventBridgeIntegration read(JsonNode json, JsonNode configuration) {
        return new EventBridgeIntegration(
                GenesysHttp.text(json, "id"),
                GenesysHttp.text(json, "name"),
                GenesysHttp.text(json, "intendedState"),
                GenesysHttp.text(json.path("reportedState"), "code"),
                configuration.path("version").asInt(),
                Configuration.read(configuration));
    }
}
