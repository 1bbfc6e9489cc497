package io.handover.genesys;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.handover.genesys.EventBridgeIntegration.Configuration;
import io.handover.genesys.GenesysException.Retry;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The calls for integrations of Genesys Cloud with Amazon EventBridge. */
public final class EventBridgeIntegrations {

    private static final String PATH = "/api/v2/integrations";
    private static final String PAGE = "?pageSize=100&pageNumber=";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final ApiCalls calls;

    EventBridgeIntegrations(ApiCalls calls) {
        this.calls = calls;
    }

    /** Returns all integrations with EventBridge. */
    public List<EventBridgeIntegration> list() throws GenesysException, InterruptedException {
        List<EventBridgeIntegration> integrations = new ArrayList<>();
        for (int page = 1; ; page++) {
            JsonNode answer = get(PATH + PAGE + page, "integrations:integration:view");
            for (JsonNode json : answer.path("entities")) {
                if (EventBridgeIntegration.TYPE.equals(GenesysHttp.text(json.path("integrationType"), "id"))) {
                    integrations.add(EventBridgeIntegration.read(json, configuration(GenesysHttp.text(json, "id"))));
                }
            }
            if (GenesysHttp.text(answer, "nextUri").isEmpty()) {
                return integrations;
            }
        }
    }

    /**
     * Creates an integration that is neither configured nor enabled. The request is not repeated when it is unclear
     * whether it took effect, because Genesys accepts several integrations of one name.
     */
    public EventBridgeIntegration create(String name) throws GenesysException, InterruptedException {
        ObjectNode body = JSON.objectNode().put("name", name);
        body.putObject("integrationType").put("id", EventBridgeIntegration.TYPE);
        JsonNode created = calls.once(
                sending(PATH, "POST", body),
                calls.deadline(),
                response -> json(response, "integrations:integration:add"));
        return EventBridgeIntegration.read(created, configuration(GenesysHttp.text(created, "id")));
    }

    /** Replaces the configuration of an integration, if nobody has changed it since it was read. */
    public void configure(EventBridgeIntegration integration, Configuration configuration)
            throws GenesysException, InterruptedException {
        ObjectNode body = JSON.objectNode()
                .put("name", integration.name())
                .put("version", integration.version())
                .put("notes", configuration.notes());
        ObjectNode properties = body.putObject("properties")
                .put("awsAccountId", configuration.accountId())
                .put("awsAccountRegion", configuration.region())
                .put("eventSourceSuffix", configuration.suffix());
        configuration.topics().forEach(properties.putArray("eventFilter")::add);
        body.putObject("advanced");
        body.putObject("credentials");
        JsonNode unused = calls.repeated(
                sending(configurationPath(integration.id()), "PUT", body),
                calls.deadline(),
                response -> json(response, "integrations:integration:edit"));
    }

    /** Enables an integration. It becomes active later. */
    public void enable(String id) throws GenesysException, InterruptedException {
        JsonNode unused = calls.repeated(
                sending(PATH + "/" + id, "PATCH", JSON.objectNode().put("intendedState", "ENABLED")),
                calls.deadline(),
                response -> json(response, "integrations:integration:edit"));
    }

    /** Deletes an integration, if it exists. */
    public void delete(String id) throws GenesysException, InterruptedException {
        JsonNode unused = calls.repeated(
                calls.request(PATH + "/" + id).DELETE(),
                calls.deadline(),
                response -> response.status() == 204 || response.status() == 404
                        ? JSON.nullNode()
                        : json(response, "integrations:integration:delete"));
    }

    /** Returns the topics whose events Genesys can send to EventBridge. */
    public Set<String> availableTopics() throws GenesysException, InterruptedException {
        JsonNode answer = get("/api/v2/notifications/availabletopics?expand=transports", "");
        Set<String> topics = new TreeSet<>();
        for (JsonNode topic : answer.path("entities")) {
            for (JsonNode transport : topic.path("transports")) {
                if (transport.asText().equalsIgnoreCase("EventBridge")
                        || transport.asText().equalsIgnoreCase("All")) {
                    topics.add(GenesysHttp.text(topic, "id"));
                }
            }
        }
        return topics;
    }

    private JsonNode configuration(String id) throws GenesysException, InterruptedException {
        return get(configurationPath(id), "integrations:integration:view");
    }

    private static String configurationPath(String id) {
        return PATH + "/" + id + "/config/current";
    }

    private JsonNode get(String path, String permission) throws GenesysException, InterruptedException {
        return calls.repeated(calls.request(path), calls.deadline(), response -> json(response, permission));
    }

    private HttpRequest.Builder sending(String path, String method, ObjectNode body) {
        return calls.request(path)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body.toString()));
    }

    private static JsonNode json(GenesysHttp.Response response, String permission) throws GenesysException {
        return switch (response.status()) {
            case 200, 201 -> response.json();
            case 403 ->
                throw new GenesysException(
                        permission.isEmpty()
                                ? "Genesys answers 403 to a request that needs no permission."
                                : "Genesys answers 403: the roles of the OAuth client do not contain the permission "
                                        + permission + ".",
                        Retry.NEVER);
            case 409 ->
                throw new GenesysException(
                        "Genesys answers 409: somebody else has changed the integration meanwhile.", Retry.NEVER);
            default ->
                throw new GenesysException(
                        "Genesys answers " + response.status() + " to a request for integrations.", Retry.NEVER);
        };
    }
}
