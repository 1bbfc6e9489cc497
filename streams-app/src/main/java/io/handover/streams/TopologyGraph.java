package io.handover.streams;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.streams.TopologyDescription;

/** The topology as nodes and edges, for a drawing. */
final class TopologyGraph {

    private final Map<String, String> types = new LinkedHashMap<>();
    private final Set<JsonObject> edges = new LinkedHashSet<>();

    private TopologyGraph() {}

    static JsonObject of(TopologyDescription description) {
        TopologyGraph graph = new TopologyGraph();
        for (TopologyDescription.Subtopology part : description.subtopologies()) {
            part.nodes().forEach(graph::add);
        }
        JsonArray nodes = new JsonArray();
        graph.types.forEach(
                (name, type) -> nodes.add(new JsonObject().put("name", name).put("type", type)));
        JsonArray edges = new JsonArray();
        graph.edges.forEach(edges::add);
        return new JsonObject().put("nodes", nodes).put("edges", edges);
    }

    private void add(TopologyDescription.Node node) {
        if (node instanceof TopologyDescription.Source source) {
            types.put(source.name(), "source");
            source.topicSet().forEach(topic -> {
                types.putIfAbsent(topic, "topic");
                edge(topic, source.name());
            });
        } else if (node instanceof TopologyDescription.Sink sink) {
            types.put(sink.name(), "sink");
            types.putIfAbsent(sink.topic(), "topic");
            edge(sink.name(), sink.topic());
        } else if (node instanceof TopologyDescription.Processor processor) {
            types.put(processor.name(), "processor");
            processor.stores().stream().sorted().forEach(store -> {
                types.putIfAbsent(store, "store");
                edge(processor.name(), store);
            });
        }
        node.successors().forEach(successor -> edge(node.name(), successor.name()));
    }

    private void edge(String from, String to) {
        edges.add(new JsonObject().put("from", from).put("to", to));
    }
}
