package io.handover.history.backtest;

import io.handover.reference.Arrival;
import io.handover.reference.UnreliableDelivery;
import io.handover.traffic.Choices;
import io.handover.traffic.HistoryGenerator;
import io.handover.traffic.Tempo;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * An archive of made-up conversations: deliveries out of order, duplicate or late, and between them unwanted and broken
 * ones.
 *
 * @param lines one delivery per line
 */
public record RandomArchive(List<Line> lines) {

    static final long START = Instant.parse("2026-01-15T10:00:00Z").toEpochMilli();
    private static final int WITHIN_MS = 1_800_000;
    private static final int MAX_BACK_MS = 5_000;

    /**
     * A line.
     *
     * @param key the conversation; empty for a delivery that the bridge would not have stored
     * @param time when EventBridge had it
     */
    public record Line(String key, long time, String json) {

        boolean isStored() {
            return !key.isEmpty();
        }

        byte[] bytes() {
            return json.getBytes(StandardCharsets.UTF_8);
        }
    }

    public static RandomArchive of(Choices choices) {
        List<Arrival> arrivals = new ArrayList<>();
        UnreliableDelivery delivery =
                UnreliableDelivery.within(choices.oneOf(List.of(0L, 1_900L, 9_000L, 300_000L)), 3 * 86_400_000L);
        int conversations = 1 + choices.below(30);
        for (int i = 0; i < conversations; i++) {
            long start = START + choices.below(WITHIN_MS);
            arrivals.addAll(delivery.deliver(
                    HistoryGenerator.generate(Tempo.HUMAN, choices, "conversation-" + i, start), choices));
        }
        arrivals.sort(Comparator.comparingLong(Arrival::at));
        boolean inOrder = choices.oneIn(2);
        List<Line> lines = new ArrayList<>();
        for (Arrival arrival : arrivals) {
            // EventBridge writes whole seconds.
            long time = (arrival.at() - (inOrder ? 0 : choices.below(MAX_BACK_MS))) / 1_000 * 1_000;
            lines.add(new Line(arrival.event().conversationId(), time, json(arrival, time)));
            if (choices.oneIn(5)) {
                lines.add(noise(choices, lines.get(lines.size() - 1)));
            }
        }
        return new RandomArchive(lines);
    }

    private static String json(Arrival arrival, long time) {
        return new String(arrival.envelope(), StandardCharsets.UTF_8)
                .replaceFirst("\"time\":\"[^\"]*\"", "\"time\":\"" + Instant.ofEpochMilli(time) + '"');
    }

    private static Line noise(Choices choices, Line beside) {
        String json = beside.json();
        long later = beside.time() + 3_600_000;
        return new Line(
                "",
                later,
                switch (choices.below(4)) {
                    case 0 -> json.replace("\"MESSAGE\"", "\"VOICE\"").replace(time(beside.time()), time(later));
                    case 1 -> json.substring(0, json.length() / 2);
                    case 2 ->
                        json.replaceAll(
                                "conversation\\.([^\"]*)\\.[a-z]+(\\.[a-z]+)?\"", "conversation.$1.attributes\"");
                    default -> json.replaceFirst("\"time\":\"[^\"]*\",", "").replaceFirst("\"eventTime\":[0-9]*,", "");
                });
    }

    private static String time(long epochMs) {
        return "\"time\":\"" + Instant.ofEpochMilli(epochMs) + '"';
    }

    /** The lines that the bridge would have stored, in order. */
    public List<Line> stored() {
        return lines.stream().filter(Line::isStored).toList();
    }

    public byte[] ndjson() {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.json()).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    long end() {
        return lines.stream().mapToLong(Line::time).max().orElse(START);
    }
}
