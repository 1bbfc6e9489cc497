package io.handover.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.fold.StateEncoding.CorruptStateException;
import io.handover.conversation.fold.StateStores;
import io.handover.conversation.fold.StoredAgent;
import io.handover.conversation.fold.StoredConversation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** This build goes on with the events and the state that each release has written, and gives the same commands. */
class ReleaseFixtureTest {

    @TempDir
    private Path stateDirectory;

    static List<Path> releases() throws IOException {
        return ReleaseFixture.all();
    }

    @ParameterizedTest
    @MethodSource("releases")
    void shouldDecideTheSameFromTheEvents(Path folder) throws IOException {
        // Given
        ReleaseFixture release = ReleaseFixture.read(folder);
        List<String> events = Stream.of(release.eventsBefore(), release.eventsAfter())
                .flatMap(List::stream)
                .toList();
        // When
        ReleaseRun run;
        try (TopologyFixture topology = ReleaseRun.start(stateDirectory, Map.of())) {
            run = ReleaseRun.of(topology, events);
        }
        // Then
        assertThat(run.commands())
                .isEqualTo(concat(release.before().commands(), release.after().commands()));
        assertThat(run.lookups())
                .isEqualTo(concat(release.before().lookups(), release.after().lookups()));
    }

    @ParameterizedTest
    @MethodSource("releases")
    void shouldGoOnFromTheChangelogs(Path folder) throws IOException {
        // Given
        ReleaseFixture release = ReleaseFixture.read(folder);
        // When
        ReleaseRun run;
        double corrupt;
        try (TopologyFixture topology =
                ReleaseRun.start(stateDirectory, release.before().changelogs())) {
            run = ReleaseRun.of(topology, release.eventsAfter());
            corrupt = topology.count("handover.states.corrupt");
        }
        // Then
        assertThat(run.commands()).isNotEmpty().isEqualTo(release.after().commands());
        assertThat(run.lookups()).isEqualTo(release.after().lookups());
        assertThat(corrupt).isZero();
    }

    /** Also those that no later event of the fixture reads. */
    @ParameterizedTest
    @MethodSource("releases")
    void shouldDecodeEveryState(Path folder) throws IOException, CorruptStateException {
        // Given
        Map<String, List<String>> changelogs =
                ReleaseFixture.read(folder).before().changelogs();
        // When / Then
        for (String line : lines(changelogs, StateStores.CONVERSATIONS)) {
            assertThat(StoredConversation.decode(RecordLine.read(line).value())).isNotEqualTo(StoredConversation.NEW);
        }
        for (String line : lines(changelogs, StateStores.AGENTS)) {
            assertThat(StoredAgent.decode(RecordLine.read(line).value())).isNotNull();
        }
    }

    private static List<String> lines(Map<String, List<String>> changelogs, String store) {
        return Objects.requireNonNull(changelogs.get(store), store);
    }

    private static List<String> concat(List<String> before, List<String> after) {
        return Stream.of(before, after).flatMap(List::stream).toList();
    }
}
