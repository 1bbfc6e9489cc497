package io.handover.reference;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.reference.Command.Shown;
import io.handover.traffic.GenesysEvent;
import io.handover.traffic.GenesysEvent.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the model shows of the agents. Times are in seconds; the retention of profiles is 1,000 s. */
class ReferenceModelProfilesTest {

    private static final Rules RULES = new Rules(2_000, 10_000, 120_000, true, true, 345_600_000, 1_000_000);
    private static final String OWN = "conversation-1";
    private static final String OTHER = "conversation-2";
    private static final String PICTURE = "https://pictures.example/anna.png";

    private final List<LogEntry> log = new ArrayList<>();

    @Test
    void shouldTellTheNameOfTheAnnouncedAgentWhenTheProfileComes() {
        happen(0, Kind.USER_START, "anna");
        profile(1, OWN, "anna", "Anna", PICTURE);
        assertThat(shown())
                .containsExactly("#1 anna without a name @0", "#1 anna Anna " + PICTURE + " (by profile) @1");
        assertThat(commands().get(1))
                .isEqualTo(new Command(
                        "",
                        1,
                        Command.UPDATED,
                        "anna",
                        new Shown("Anna", PICTURE, true),
                        0,
                        1_000,
                        List.of("user.start@0")));
    }

    @Test
    void shouldAnnounceWithANameThatAnotherConversationOfThePartitionLearned() {
        profile(0, OTHER, "anna", "Anna", PICTURE);
        profile(1, OTHER, "anna", "Anna B.", null);
        happen(2, Kind.USER_START, "anna");
        assertThat(shown()).containsExactly("#1 anna Anna B. null @2");
    }

    @Test
    void shouldNotTellTheNameThatAnotherConversationAskedFor() {
        happen(0, Kind.USER_START, "anna");
        profile(1, OTHER, "anna", "Anna", null);
        assertThat(shown()).containsExactly("#1 anna without a name @0");
    }

    @Test
    void shouldShowAProfileUntilItsRetentionIsOver() {
        profile(0, OTHER, "anna", "Anna", null);
        profile(0.001, OTHER, "ben", "Ben", null);
        happen(1_000, Kind.USER_START, "anna");
        happen(1_000, Kind.USER_END, "anna", "TRANSFER");
        happen(1_000, Kind.USER_START, "ben");
        assertThat(shown()).containsExactly("#1 anna without a name @1000", "#1 ben Ben null @1000");
    }

    @Test
    void shouldTellOnlyAnotherNameOrPicture() {
        happen(0, Kind.USER_START, "anna");
        profile(1, OWN, "anna", "Anna", null);
        profile(2, OWN, "anna", "Anna", null);
        profile(3, OWN, "anna", "Anna", PICTURE);
        profile(4, OWN, "anna", "Anna B.", PICTURE);
        assertThat(shown())
                .containsExactly(
                        "#1 anna without a name @0",
                        "#1 anna Anna null (by profile) @1",
                        "#1 anna Anna " + PICTURE + " (by profile) @3",
                        "#1 anna Anna B. " + PICTURE + " (by profile) @4");
    }

    @Test
    void shouldTellNothingThatTheAnnouncementHasTold() {
        profile(0, OTHER, "anna", "Anna", null);
        happen(1, Kind.USER_START, "anna");
        profile(2, OWN, "anna", "Anna", null);
        assertThat(shown()).containsExactly("#1 anna Anna null @1");
    }

    @Test
    void shouldNotTakeANameBackButForgetItForTheNextAnnouncement() {
        happen(0, Kind.USER_START, "anna");
        profile(1, OWN, "anna", "Anna", null);
        profile(2, OWN, "anna", null, null);
        happen(3, Kind.CUSTOMER_END, "customer");
        happen(4, Kind.USER_START, "anna-2", "anna", null);
        assertThat(shown())
                .containsExactly(
                        "#1 anna without a name @0", "#1 anna Anna null (by profile) @1", "#2 anna without a name @4");
    }

    @Test
    void shouldForgetAnAgentOnRequest() {
        profile(0, OTHER, "anna", "Anna", null);
        profile(1, null, "anna", null, null);
        happen(2, Kind.USER_START, "anna");
        assertThat(shown()).containsExactly("#1 anna without a name @2");
    }

    @Test
    void shouldTellNothingOfAnAgentWhoIsNotTheOneAnnouncedLast() {
        happen(0, Kind.USER_START, "anna");
        happen(1, Kind.USER_END, "anna", "TRANSFER");
        happen(1, Kind.USER_START, "ben");
        profile(2, OWN, "anna", "Anna", null);
        profile(3, OWN, "ben", "Ben", null);
        assertThat(shown())
                .containsExactly(
                        "#1 anna without a name @0", "#1 ben without a name @1", "#1 ben Ben null (by profile) @3");
    }

    @Test
    void shouldTellNothingBeforeAndAfterAHandover() {
        profile(0, OWN, "anna", "Anna", null);
        profile(0, null, "anna", null, null);
        happen(1, Kind.USER_START, "anna");
        happen(2, Kind.CUSTOMER_END, "customer");
        profile(3, OWN, "anna", "Anna", null);
        assertThat(shown()).containsExactly("#1 anna without a name @1");
    }

    @Test
    void shouldFireADeadlineBeforeTheProfile() {
        happen(0, Kind.USER_START, "anna");
        happen(1, Kind.USER_END, "anna", "CLIENT");
        profile(121, OWN, "anna", "Anna", null);
        assertThat(shown()).containsExactly("#1 anna without a name @0");
        assertThat(commands()).hasSize(2);
    }

    @Test
    void shouldTellTheNameWhileAnEndIsHeldAndEndAtTheSameTime() {
        happen(0, Kind.USER_START, "anna");
        happen(1, Kind.USER_END, "anna", "CLIENT");
        List<Command> without = commands();
        profile(120.999, OWN, "anna", "Anna", null);
        assertThat(shown()).containsExactly("#1 anna without a name @0", "#1 anna Anna null (by profile) @120");
        assertThat(commands()).hasSize(3).containsAll(without);
    }

    @Test
    void shouldFindTheEntriesOfEachConversationInItsPartition() {
        // Given
        profile(0, OTHER, "anna", "Too old", null);
        profile(1, OTHER, "anna", "Anna", null);
        happen(1_001, Kind.USER_START, "anna");
        profile(1_002, OTHER, "ben", "Ben", null);
        profile(1_003, OWN, "carla", "Carla", null);
        profile(1_004, OTHER, "david", "David", null);
        profile(3_000, OTHER, "eva", "Eva", null);
        happen(3_000, Kind.USER_START, "eva");
        ConversationLogs logs = new ConversationLogs(RULES);

        // When
        log.forEach(logs::add);

        // Then
        List<LogEntry> expected = new ArrayList<>(log.subList(1, 5));
        expected.addAll(log.subList(6, 8));
        assertThat(logs.of(OWN)).isEqualTo(expected);
        assertThat(logs.of("conversation-3")).isEmpty();
    }

    private void happen(double time, Kind kind, String agent) {
        happen(time, kind, agent, null);
    }

    private void happen(double time, Kind kind, String agent, @Nullable String disconnectType) {
        happen(time, kind, agent, agent, disconnectType);
    }

    private void happen(double time, Kind kind, String session, String agent, @Nullable String disconnectType) {
        GenesysEvent event =
                new GenesysEvent(OWN, 1, kind, millis(time), session, agent, null, disconnectType, 1_000, 0, null);
        log.add(new Arrival(event.time(), event, "event-" + log.size()));
    }

    private void profile(
            double at, @Nullable String conversation, String agent, @Nullable String name, @Nullable String image) {
        log.add(new ProfileArrival(millis(at), conversation, agent, name, image));
    }

    private List<Command> commands() {
        return ReferenceModel.commands(RULES, log, millis(10_000));
    }

    /** The announcements, as {@code #cycle agent name picture @seconds}. */
    private List<String> shown() {
        return commands().stream()
                .filter(command -> !command.isEnd())
                .map(command -> String.format(
                        Locale.ROOT,
                        "#%d %s %s @%d",
                        command.cycle(),
                        command.what(),
                        command.shown(),
                        command.decidedAt() / 1_000))
                .toList();
    }

    private static long millis(double seconds) {
        return Math.round(seconds * 1_000);
    }
}
