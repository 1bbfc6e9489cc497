package io.handover.history.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lists, word for word, and their pages. */
class ListCommandTest {

    private static final String NOW = "\"now\":\"2026-01-15T10:02:00.000Z\"";

    private FakeManagement app;

    @BeforeEach
    void start() throws IOException {
        app = new FakeManagement();
    }

    @AfterEach
    void stop() {
        app.close();
    }

    @Test
    void shouldListOpenHandovers() {
        // Given
        app.answers("GET /handovers/open?limit=100", 200, """
                {%s,"items":[
                  {"conversationId":"15bec215-8a3c-4a53-b0e5-0f9d83b7a2c1","partition":2,"cycle":2,"openedAt":"2026-01-15T08:00:00.000Z",
                   "reading":"agent-left","lastEventAt":"2026-01-15T10:01:00.000Z","agentId":"a1","name":"Alla\\u001bL",
                   "held":{"reason":"agent-left","deadline":"2026-01-15T10:02:08.500Z"}},
                  {"conversationId":"b","partition":0,"cycle":1,"openedAt":"2026-01-15T10:01:48.000Z","reading":"served",
                   "lastEventAt":"2026-01-15T10:01:48.000Z","agentId":"a2"},
                  {"conversationId":"c","partition":0,"cycle":11,"reading":"wrapped-up",
                   "held":{"reason":"after-call-work","deadline":"2026-01-15T10:01:59.000Z"}}],
                 "unreachable":[]}""".formatted(NOW));
        // When
        Run run = Run.of(app.environment(), "", "list");
        // Then
        assertThat(run.out()).isEqualTo("""
                        CONVERSATION                          CYCLE  AGE        LAST EVENT  READING     HELD             ENDS IN  AGENT
                        15bec215-8a3c-4a53-b0e5-0f9d83b7a2c1  2      2 h 2 min  1 min       agent-left  agent-left       8.5 s    Alla?L
                        b                                     1      12.0 s     12.0 s      served                                a2
                        c                                     11                            wrapped-up  after-call-work  due
                        """);
        assertThat(run.err()).isEqualTo("3 handovers open." + System.lineSeparator());
        assertThat(run.code()).isZero();
    }

    @Test
    void shouldListHeldEndsAndNameTheInstancesThatDoNotAnswer() {
        // Given
        app.answers("GET /handovers/held?limit=100", 200, """
                {%s,"items":[{"conversationId":"b","partition":0,"cycle":1,"reason":"agent-left",
                   "deadline":"2026-01-15T10:03:30.000Z","openedAt":"2026-01-15T10:01:00.000Z","agentId":"a2"}],
                 "unreachable":[{"instance":"app-2:8082","partitions":[1,3]}]}""".formatted(NOW));
        // When
        Run run = Run.of(app.environment(), "", "list", "--held");
        // Then
        assertThat(run.out()).isEqualTo("""
                        CONVERSATION  CYCLE  ENDS IN     REASON      AGE    AGENT
                        b             1      1 min 30 s  agent-left  1 min  a2
                        """);
        assertThat(run.err().lines())
                .containsExactly(
                        "1 handover with a held end.",
                        "Incomplete: app-2:8082 does not answer; the handovers of its partitions 1, 3 are missing.");
        assertThat(run.code()).isEqualTo(3);
    }

    @Test
    void shouldReadPagesUpToTheLimit() throws IOException {
        // Given
        app.answers("GET /handovers/open?limit=500", 200, page(0, 500, "a b"))
                .answers("GET /handovers/open?limit=500&after=a%20b", 200, page(500, 1000, "c"))
                .answers("GET /handovers/open?limit=200&after=c", 200, page(1000, 1200, "d"));
        // When
        Run table = Run.of(app.environment(), "", "list", "--open", "--limit", "1200");
        Run json = Run.of(app.environment(), "", "list", "--limit", "1200", "--json");
        // Then
        assertThat(table.out().lines()).hasSize(1201).last().asString().startsWith("c1199 ");
        assertThat(table.err().lines())
                .containsExactly("These are the first 1200 handovers open. For more, add --limit.");
        JsonNode whole = new ObjectMapper().readTree(json.out());
        assertThat(whole.path("items")).hasSize(1200);
        assertThat(whole.path("next").asText()).isEqualTo("d");
        assertThat(whole.path("now").asText()).isEqualTo("2026-01-15T10:02:00.000Z");
        assertThat(whole.path("unreachable").isArray()).isTrue();
    }

    @Test
    void shouldSayThatThereIsNone() {
        // Given
        app.answers("GET /handovers/held?limit=100", 200, "{" + NOW + ",\"items\":[],\"unreachable\":[]}");
        // When
        Run run = Run.of(app.environment(), "", "list", "--held");
        // Then
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("No handover is held." + System.lineSeparator());
        assertThat(run.code()).isZero();
    }

    @Test
    void shouldNotReadTheSamePageForEver() {
        // Given
        app.answers("GET /handovers/open?limit=100", 200, page(0, 1, "a"))
                .answers("GET /handovers/open?limit=99&after=a", 200, page(1, 2, "a"));
        // When
        Run run = Run.of(app.environment(), "", "list");
        // Then
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("gives pages without end");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--limit 0", "--limit 1000001", "--open --held", "--limit many"})
    void shouldRejectWrongUsage(String arguments) {
        // When
        Run run = Run.of(app.environment(), "", ("list " + arguments).split(" "));
        // Then
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().lines()).singleElement().asString().endsWith("(see ./handover conversations list --help)");
        assertThat(app.requests()).isEmpty();
    }

    private static String page(int from, int to, String next) {
        String items = IntStream.range(from, to)
                .mapToObj(i -> "{\"conversationId\":\"c" + i + "\",\"cycle\":1}")
                .collect(Collectors.joining(","));
        return "{" + NOW + ",\"items\":[" + items + "],\"next\":\"" + next + "\",\"unreachable\":[]}";
    }
}
