package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.Outcome;
import io.handover.schema.RecordKind;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writes the {@link ReleaseFixture} of a release that is being made. The build does not run it: CONTRIBUTING.md has the
 * command.
 */
class WriteReleaseFixture {

    /** What these settings or this log cannot show. */
    private static final Set<Outcome> NOT_SHOWN = EnumSet.of(
            Outcome.CUSTOMER_END_NOTED,
            Outcome.CUSTOMER_AWAITED,
            Outcome.IDLE_MOVED,
            Outcome.IDLE_DISABLED,
            Outcome.PROFILE_IGNORED,
            // only the core knows it: streams-app asks it for deadlines that are due
            Outcome.DEADLINE_STALE);

    @TempDir
    private Path stateDirectory;

    @Test
    void shouldShowEveryKindOfRecordAndEveryOutcome() throws Exception {
        // Given
        String release = System.getProperty("release");
        assertThat(release).as("Name the release: -Drelease=0.1.0").matches("\\d+\\.\\d+\\.\\d+");
        List<TestRecord<byte[], byte[]>> records = ReleaseLog.records();
        List<String> eventsBefore = lines(records, true);
        List<String> eventsAfter = lines(records, false);
        // When
        ReleaseFixture fixture;
        Set<String> outcomes;
        try (TopologyFixture topology = ReleaseRun.start(stateDirectory, Map.of())) {
            ReleaseRun before = ReleaseRun.of(topology, eventsBefore);
            fixture = new ReleaseFixture(eventsBefore, before, eventsAfter, ReleaseRun.of(topology, eventsAfter));
            outcomes = outcomes(topology);
        }
        // Then
        assertThat(records)
                .extracting(WriteReleaseFixture::kind)
                .as("Add the missing kinds of records to ReleaseLog")
                .contains(Arrays.stream(RecordKind.values())
                        .map(RecordKind::label)
                        .toArray(String[]::new));
        assertThat(outcomes)
                .as("Add events for the missing outcomes to ReleaseLog")
                .containsAll(EnumSet.complementOf(EnumSet.copyOf(NOT_SHOWN)).stream()
                        .map(Outcome::label)
                        .toList());
        assertThat(fixture.before().changelogs().values())
                .as("Add events to ReleaseLog that fill every store before the restart")
                .allMatch(lines -> !lines.isEmpty());
        fixture.write(ReleaseFixture.RELEASES.resolve(release));
    }

    private static List<String> lines(List<TestRecord<byte[], byte[]>> records, boolean beforeTheRestart) {
        return records.stream()
                .filter(record -> record.timestamp() < ReleaseLog.RESTART.toEpochMilli() == beforeTheRestart)
                .map(RecordLine::of)
                .toList();
    }

    private static String kind(TestRecord<byte[], byte[]> record) {
        return record.headers().lastHeader(RecordKind.HEADER) == null
                ? RecordKind.DELIVERY.label()
                : new String(record.headers().lastHeader(RecordKind.HEADER).value(), StandardCharsets.UTF_8);
    }

    private static Set<String> outcomes(TopologyFixture topology) {
        return topology.registry.find("handover.events").counters().stream()
                .filter(counter -> counter.count() > 0)
                .map(counter -> String.valueOf(counter.getId().getTag("outcome")))
                .collect(Collectors.toSet());
    }
}
