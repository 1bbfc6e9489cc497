package io.handover.torture;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The description of the dashboard for Grafana, from which its JSON is generated. */
final class Dashboard {

    static final Path FILE = Path.of("..", "..", "docs", "grafana", "handover.json");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int COLUMNS = 24;
    private static final int WIDTH = 8;
    private static final int HEIGHT = 7;
    private static final String DATASOURCE = "${datasource}";

    private static final String PER_SECOND = "ops";
    private static final String SECONDS = "s";
    private static final String SHARE = "percentunit";
    private static final String COUNT = "short";
    private static final String BYTES = "bytes";

    private static final List<Row> ROWS = List.of(
            new Row(
                    "Does it work?",
                    panel(
                            "Alerts that fire",
                            COUNT,
                            "count by (alertname) (ALERTS{alertstate=\"firing\",alertname=~\"Handover.*\"})",
                            "{{alertname}}"),
                    panel("Ready instances", COUNT, "sum by (job) (handover_ready)", "{{job}}"),
                    panel("Processes that reach Kafka", COUNT, "sum by (job) (handover_kafka_up)", "{{job}}"),
                    panel("Deliveries not stored (5 min)", SHARE, "handover:deliveries_failed:ratio_rate5m", "share"),
                    panel(
                            "Commands more than 5 s late (1 h)",
                            SHARE,
                            "handover:commands_late:ratio_rate1h",
                            "{{type}}"),
                    panel(
                            "Partitions that cannot be used",
                            COUNT,
                            "max by (topic) (handover_topic_partitions_unusable)",
                            "{{topic}}")),
            new Row(
                    "Deliveries",
                    panel(
                                    "Received and stored",
                                    PER_SECOND,
                                    "sum(rate(handover_deliveries_received_total[$__rate_interval]))",
                                    "received")
                            .and("sum(rate(handover_deliveries_stored_total[$__rate_interval]))", "stored"),
                    panel(
                                    "Not stored",
                                    PER_SECOND,
                                    "sum by (reason) (rate(handover_deliveries_failed_total[$__rate_interval])) > 0",
                                    "503 {{reason}}")
                            .and(
                                    "sum by (reason) (rate(handover_deliveries_refused_total[$__rate_interval])) > 0",
                                    "4xx {{reason}}")
                            .and(
                                    "sum by (reason) (rate(handover_deliveries_unwanted_total[$__rate_interval])) > 0",
                                    "not wanted: {{reason}}"),
                    panel(
                                    "Time until Kafka acknowledged",
                                    SECONDS,
                                    "histogram_quantile(0.5, sum by (le) (rate(handover_produce_seconds_bucket[$__rate_interval])))",
                                    "median")
                            .and(
                                    "histogram_quantile(0.99, sum by (le) (rate(handover_produce_seconds_bucket[$__rate_interval])))",
                                    "p99"),
                    panel(
                                    "Age of events when received",
                                    SECONDS,
                                    "histogram_quantile(0.5, sum by (le) (rate(handover_delivery_age_seconds_bucket[$__rate_interval])))",
                                    "median")
                            .and(
                                    "histogram_quantile(0.99, sum by (le) (rate(handover_delivery_age_seconds_bucket[$__rate_interval])))",
                                    "p99"),
                    panel("Connections and requests", COUNT, "sum(handover_connections_open)", "connections")
                            .and("sum(handover_deliveries_in_flight)", "requests without an answer"),
                    panel(
                                    "Dead letters",
                                    PER_SECOND,
                                    "sum by (job, reason) (rate(handover_dead_letters_total[$__rate_interval]))",
                                    "{{job}} {{reason}}")
                            .and(
                                    "sum by (job) (rate(handover_dead_letters_failed_total[$__rate_interval]))",
                                    "{{job}} not stored")),
            new Row(
                    "Decisions",
                    panel(
                            "Commands",
                            PER_SECOND,
                            "sum by (type) (rate(handover_commands_total[$__rate_interval]))",
                            "{{type}}"),
                    panel(
                            "Latency of commands, p99",
                            SECONDS,
                            "handover:command_latency_seconds:p99_rate5m",
                            "{{type}}"),
                    panel(
                            "Outcomes",
                            PER_SECOND,
                            "topk(10, sum by (outcome) (rate(handover_events_total[$__rate_interval]))) > 0",
                            "{{outcome}}"),
                    panel("Open handovers", COUNT, "sum(handover_open)", "open"),
                    panel("Held ends", COUNT, "sum by (reason) (handover_held) > 0", "{{reason}}"),
                    panel(
                            "Handovers that expired",
                            PER_SECOND,
                            "sum(rate(handover_events_total{outcome=\"expired\"}[$__rate_interval]))",
                            "expired"),
                    panel(
                            "Lag",
                            SECONDS,
                            "max by (partition) (handover_partition_lag_seconds)",
                            "partition {{partition}}"),
                    panel(
                            "Records that wait",
                            COUNT,
                            "max by (partition) (handover_partition_lag_records)",
                            "partition {{partition}}"),
                    panel(
                            "Overdue deadlines",
                            SECONDS,
                            "max by (partition) (handover_partition_overdue_seconds)",
                            "partition {{partition}}"),
                    panel(
                            "Records per partition",
                            PER_SECOND,
                            "sum by (partition) (rate(handover_partition_position[$__rate_interval]))",
                            "partition {{partition}}"),
                    panel(
                            "Clock ticks",
                            PER_SECOND,
                            "sum(rate(handover_ticks_written_total[$__rate_interval]))",
                            "written"),
                    panel(
                                    "What must not happen (1 h)",
                                    COUNT,
                                    "sum(increase(handover_misplaced_total[1h]))",
                                    "misplaced records")
                            .and("sum(increase(handover_states_corrupt_total[1h]))", "corrupt states")
                            .and("sum(increase(handover_commands_early_total[1h]))", "early commands")
                            .and("sum(increase(handover_deliveries_deleted_unread_total[1h]))", "deleted unread")),
            new Row(
                    "Agent directory",
                    panel(
                                    "Lookups",
                                    PER_SECOND,
                                    "sum by (outcome) (rate(handover_directory_lookups_total[$__rate_interval]))",
                                    "{{outcome}}")
                            .and("sum(rate(handover_lookups_written_total[$__rate_interval]))", "asked for"),
                    panel(
                            "Time until a profile is stored",
                            SECONDS,
                            "histogram_quantile(0.99, sum by (le) (rate(handover_directory_latency_seconds_bucket[$__rate_interval])))",
                            "p99"),
                    panel(
                            "Requests to Genesys",
                            PER_SECOND,
                            "sum by (status) (rate(handover_genesys_requests_seconds_count[$__rate_interval]))",
                            "{{status}}")),
            new Row(
                    "Processes",
                    panel("CPU", SHARE, "process_cpu_usage{job=~\"handover-.*\"}", "{{job}} {{instance}}"),
                    panel(
                            "Java heap",
                            BYTES,
                            "sum by (job, instance) (jvm_memory_used_bytes{job=~\"handover-.*\",area=\"heap\"})",
                            "{{job}} {{instance}}"),
                    panel(
                            "Garbage collection",
                            SHARE,
                            "sum by (job, instance) (rate(jvm_gc_pause_seconds_sum{job=~\"handover-.*\"}[$__rate_interval]))",
                            "{{job}} {{instance}}"),
                    panel(
                                    "Write buffers of the state stores",
                                    BYTES,
                                    "handover_state_memory_used_bytes",
                                    "{{instance}}")
                            .and("handover_state_memory_max_bytes", "bound of {{instance}}"),
                    panel(
                            "Busy stream threads",
                            SHARE,
                            "max by (instance) (kafka_stream_thread_process_ratio)",
                            "{{instance}}"),
                    panel(
                            "Time of a commit",
                            "ms",
                            "max by (instance) (kafka_stream_thread_commit_latency_avg)",
                            "{{instance}}"),
                    panel(
                                    "Failed and repeated sends",
                                    PER_SECOND,
                                    "sum by (job) (rate(kafka_producer_record_error_total[$__rate_interval]))",
                                    "{{job}} failed")
                            .and(
                                    "sum by (job) (rate(kafka_producer_record_retry_total[$__rate_interval]))",
                                    "{{job}} repeated"),
                    panel(
                            "Rebalances (1 h)",
                            COUNT,
                            "sum by (job) (increase(kafka_consumer_coordinator_rebalance_total[1h]))",
                            "{{job}}"),
                    panel(
                            "Clock ahead of the brokers",
                            SECONDS,
                            "handover_clock_skew_seconds",
                            "{{job}} {{instance}}")));

    private record Row(String title, List<Panel> panels) {

        Row(String title, Panel... panels) {
            this(title, List.of(panels));
        }
    }

    private record Panel(String title, String unit, List<Query> queries) {

        private Panel and(String expression, String legend) {
            List<Query> more = new ArrayList<>(queries);
            more.add(new Query(expression, legend));
            return new Panel(title, unit, List.copyOf(more));
        }
    }

    private record Query(String expression, String legend) {}

    private Dashboard() {}

    private static Panel panel(String title, String unit, String expression, String legend) {
        return new Panel(title, unit, List.of(new Query(expression, legend)));
    }

    /** The expressions of all panels. */
    static List<String> expressions() {
        return ROWS.stream()
                .flatMap(row -> row.panels().stream())
                .flatMap(panel -> panel.queries().stream())
                .map(Query::expression)
                .toList();
    }

    /** The JSON as Grafana imports it. */
    static String json() throws IOException {
        ObjectNode dashboard = JSON.createObjectNode()
                .put("uid", "handover")
                .put("title", "Handover")
                .put("schemaVersion", 39)
                .put("refresh", "30s");
        dashboard.putObject("time").put("from", "now-3h").put("to", "now");
        dashboard
                .putObject("templating")
                .putArray("list")
                .addObject()
                .put("name", "datasource")
                .put("label", "Prometheus")
                .put("type", "datasource")
                .put("query", "prometheus");
        ArrayNode panels = dashboard.putArray("panels");
        int y = 0;
        for (Row row : ROWS) {
            ObjectNode title = panels.addObject()
                    .put("id", panels.size())
                    .put("type", "row")
                    .put("title", row.title())
                    .put("collapsed", false);
            title.putArray("panels");
            place(title, 0, y, COLUMNS, 1);
            y++;
            int x = 0;
            for (Panel panel : row.panels()) {
                if (x == COLUMNS) {
                    x = 0;
                    y += HEIGHT;
                }
                add(panels.addObject().put("id", panels.size()), panel);
                place((ObjectNode) panels.get(panels.size() - 1), x, y, WIDTH, HEIGHT);
                x += WIDTH;
            }
            y += HEIGHT;
        }
        return JSON.writerWithDefaultPrettyPrinter()
                        .writeValueAsString(dashboard)
                        .replace(System.lineSeparator(), "\n")
                + "\n";
    }

    private static void add(ObjectNode json, Panel panel) {
        json.put("type", "timeseries").put("title", panel.title());
        json.putObject("datasource").put("type", "prometheus").put("uid", DATASOURCE);
        ObjectNode defaults =
                json.putObject("fieldConfig").putObject("defaults").put("unit", panel.unit());
        if (!panel.unit().equals(SECONDS)) {
            defaults.put("min", 0);
        }
        json.withObject("/fieldConfig").putArray("overrides");
        ArrayNode targets = json.putArray("targets");
        for (Query query : panel.queries()) {
            targets.addObject()
                    .put("refId", String.valueOf((char) ('A' + targets.size() - 1)))
                    .put("expr", query.expression())
                    .put("legendFormat", query.legend());
        }
    }

    private static void place(ObjectNode panel, int x, int y, int width, int height) {
        panel.putObject("gridPos").put("x", x).put("y", y).put("w", width).put("h", height);
    }
}
