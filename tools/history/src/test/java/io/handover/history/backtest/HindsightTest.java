package io.handover.history.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.AfterCallWorkCompleted;
import io.handover.conversation.AgentEnded;
import io.handover.conversation.AgentStarted;
import io.handover.conversation.ConversationEvent;
import io.handover.conversation.ConversationEvent.Details;
import io.handover.conversation.CustomerEnded;
import io.handover.conversation.CustomerStarted;
import io.handover.conversation.FlowEnded;
import io.handover.conversation.FlowSession;
import io.handover.conversation.FlowStarted;
import io.handover.conversation.Outcome;
import io.handover.conversation.QueueEntered;
import io.handover.conversation.QueueLeft;
import io.handover.conversation.QueueSession.Exit;
import io.handover.history.report.PrematureEnd;
import io.handover.history.report.PrematureEnd.Refutation;
import io.handover.history.report.Tally;
import io.handover.schema.Evidence;
import io.handover.schema.HandoverEnded;
import java.time.Instant;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Small stories in seconds: what happened, when the handover ended, and whether that was too early or late. */
class HindsightTest {

    private static final String CONVERSATION = "conversation-1";
    private static final int RETURN_WITHIN_S = 100;

    /** Much later than any day of 1970, so that nothing is before all times. */
    private static final long BEGIN_S = 1_000_000;

    private final Hindsight hindsight = new Hindsight(2, RETURN_WITHIN_S * 1_000L);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // an agent is there, from the first second to the last
                "start 10 anna, end 50 anna               | agent-left 30       | SERVED 10",
                "start 10 anna, end 50 anna               | agent-left 10       | SERVED 10",
                "start 10 anna, end 50 anna               | agent-left 50       | late 0",
                "start 10 anna, end 50 anna               | agent-left 53       | late 3",
                "start 10 anna                            | agent-left 900      | SERVED 10",
                // in any order of arrival, and known only from the durations of the end
                "end 50 anna, start 10 anna               | agent-left 30       | SERVED 10",
                "late-end 50 anna 40                      | agent-left 30       | SERVED 10",
                "late-end 50 anna 40, start 10 anna       | agent-left 53       | late 3",
                "end 10 anna, start 10 anna               | agent-left 30       | late 20",
                // what the customer ends is never too early, and not late while an agent is there
                "start 10 anna, end 50 anna               | customer-end 30     | late 0",
                "start 10 anna, end 50 anna               | customer-end 58     | late 8",
                // comes back, within 100 s
                "start 1 anna, end 5 anna, start 110 ben  | agent-left 10       | CAME_BACK 110",
                "start 1 anna, end 5 anna, start 111 ben  | agent-left 10       | late 5",
                // the customer begins anew, or ended, between
                "start 1 anna, end 5 anna, begin 20, start 40 ben | agent-left 10 | late 5",
                "start 1 anna, end 5 anna, over 20, start 40 ben  | agent-left 10 | late 5",
                "begin 1, start 1 anna, end 5 anna, start 40 ben  | agent-left 10 | CAME_BACK 40",
                // an offer that is declined is no service
                "start 1 anna, end 5 anna, start 40 ben, decline 50 ben | agent-left 10 | late 5",
                "start 1 anna, end 5 anna, start 40 ben, decline 50 ben | agent-left 45 | late 40",
                // queues
                "start 1 anna, end 5 anna, queue 4 q, left 60 q | agent-left 10     | QUEUED 4",
                "queue 4 q, left 60 q                           | queue-abandoned 62 | late 2",
                "queue 4 q, start 9 anna, end 20 anna           | agent-left 25     | late 5",
                "queue 4 q                                      | idle 500          | QUEUED 4",
                "queue 4 q, start 9 ben, decline 20 ben         | idle 25           | QUEUED 4",
                "queue 4 q, disconnect 60 f                     | flow-disconnected 70 | late 10",
                "start 1 anna, transfer 5 anna, queue 5 q, over 60, left 61 q | customer-end 60 | late 0",
                // routing flows
                "start 1 anna, end 5 anna, flow 4 f, flow-end 60 f    | agent-left 10 | IN_FLOW 4",
                "flow 4 f, disconnect 60 f                            | flow-disconnected 72 | late 12",
                "flow-end 60 f, flow 4 f                              | agent-left 53 | IN_FLOW 4",
                "flow 4 f                                             | idle 500      | IN_FLOW 4",
                "start 1 anna, transfer 5 anna, flow 5 f, over 60, flow-end 61 f | customer-end 60 | late 0",
                "in-queue-flow 4 f                                    | idle 500      | late 0",
                // what comes after a flow ends it
                "flow 4 f, start 9 anna, end 20 anna                  | agent-left 25 | late 5",
                "flow 4 f, queue 9 q, left 20 q                       | queue-abandoned 25 | late 5",
                "flow 4 f, flow 9 g, flow-end 20 g                    | agent-left 25 | late 5",
                // who only listens is there, too
                "start 1 anna, join 3 eva, end 5 anna, end 50 eva     | agent-left 10 | SERVED 3",
                "start 1 anna, join 3 eva, end 4 eva, end 5 anna      | agent-left 10 | late 5",
                // an expired handover is never too early, and its silence counts
                "start 10 anna, transfer 50 anna                      | expired 900   | late 850",
                "start 1 anna, end 5 anna, queue 4 q, left 60 q       | expired 900   | late 840",
                // the acw replaces an end that is lost, but not one that arrived
                "start 10 anna, acw 40 anna                     | after-call-work 52 | late 12",
                "start 10 anna, acw 40 anna, end 90 anna        | transfer-timeout 50 | SERVED 10",
                // transferred
                "start 1 anna, transfer 5 anna, start 7 ben, end 30 ben | transfer-timeout 15 | SERVED 7",
            })
    void shouldJudgeAnEndByEverythingThatHappened(String story, String end, String judgement) {
        // Given
        happen(story);
        end(0, 1, end);

        // When
        hindsight.judgeAll();

        // Then
        assertThat(judgementOf(hindsight.tally(0))).isEqualTo(judgement);
    }

    @ParameterizedTest
    @ValueSource(strings = {"start 10 anna", "queue 10 q", "flow 10 f"})
    void shouldCountTheSilenceOfAnExpiredHandoverFromItsLastEvent(String story) {
        // Given
        happen(story);
        hindsight.ended(CONVERSATION, 0, ended(1, "expired", 10, 910));

        // When
        hindsight.judgeAll();

        // Then
        assertThat(hindsight.tally(0).premature).isEmpty();
        assertThat(hindsight.tally(0).late.getTotalCount()).isZero();
        assertThat(hindsight.tally(0).lateExpired.getMaxValue() / 1_000).isEqualTo(900);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // what arrived before the end | the end, when it happened and when it was decided | what arrived after
                // it
                "start 10 anna              |                    |                | 1",
                "late-end 50 anna 40        |                    |                | 1",
                "queue 10 q                 |                    |                | 1",
                "flow 10 f                  |                    |                | 1",
                "begin 10                   |                    |                | 1",
                "begin 10, over 20          |                    |                | 1",
                "acw 10 anna                |                    |                | 0",
                "in-queue-flow 10 f         |                    |                | 0",
                "start 10 anna, end 50 anna | agent-left 50 170  |                | 0",
                "start 10 anna, end 50 anna | agent-left 50 170  | acw 60 anna    | 0",
                "start 10 anna, end 50 anna | agent-left 50 170  | start 200 ben  | 1",
                "start 10 anna, end 50 anna | agent-left 50 170  | start 60 ben   | 1",
                "start 10 anna, end 50 anna | agent-left 50 170  | start 40 ben   | 0",
                "start 10 anna, end 50 anna | agent-left 50 170  | queue 200 q    | 1",
                "start 10 anna, end 50 anna | agent-left 50 170  | flow 200 f     | 1",
                "start 10 anna, end 50 anna | agent-left 50 170  | in-queue-flow 200 f | 0",
                "start 10 anna, end 50 anna | agent-left 50 170  | begin 200      | 1",
                "start 10 anna, end 50 anna | agent-left 50 170  | start 200 ben, over 210 | 1",
                "start 10 anna, end 50 anna | agent-left 50 170  | over 210, start 200 ben | 0",
                "start 10 anna, end 50 anna | agent-left 50 170  | over 210, start 220 ben | 1",
                // a declined offer, and a flow that decided nothing, are of the handover that ended
                "start 10 anna, end 50 anna, start 60 ben, decline 70 ben | agent-left 50 170 | | 0",
                "start 10 anna, end 50 anna, flow 60 f, flow-end 70 f     | agent-left 50 170 | | 0",
                // the customer came back while the end was held
                "start 10 anna, end 50 anna, begin 60  | agent-left 50 170 |              | 1",
                "start 10 anna, end 50 anna, begin 60  | agent-left 50 170 | start 70 ben | 1",
                // who began after the customer's end arrived
                "start 10 anna, start 90 ben, over 80  | customer-end 80 80 |             | 1",
                "start 10 anna, end 50 anna, over 80   | customer-end 80 80 |             | 0",
            })
    void shouldCountAHandoverThatIsOpenWhenItsConversationIsForgotten(
            String before, @Nullable String end, @Nullable String after, long neverEnded) {
        // Given
        happen(before);
        if (end != null) {
            String[] words = end.split(" ", -1);
            hindsight.ended(CONVERSATION, 0, ended(1, words[0], Long.parseLong(words[1]), Long.parseLong(words[2])));
        }
        if (after != null) {
            happen(after);
        }

        // When
        hindsight.forgotten(CONVERSATION, 0);

        // Then
        assertThat(hindsight.tally(0).neverEnded).isEqualTo(neverEnded);
    }

    @Test
    void shouldCountAHandoverThatNeverEndsPerSetting() {
        // Given
        happen("start 10 anna, end 50 anna");
        end(0, 1, "agent-left 53");

        // When
        hindsight.forgotten(CONVERSATION, 0);
        hindsight.forgotten(CONVERSATION, 1);

        // Then
        assertThat(hindsight.tally(0).neverEnded).isZero();
        assertThat(hindsight.tally(1).neverEnded).isEqualTo(1);
    }

    @Test
    void shouldNotCountTheSilenceAfterAnEarlierHandover() {
        // Given
        happen("begin 1, start 2 anna, end 10 anna, over 20, begin 3000, over 3060");
        end(0, 1, "agent-left 12");
        end(0, 2, "customer-end 3060");

        // When
        hindsight.judgeAll();

        // Then
        assertThat(hindsight.tally(0).premature).isEmpty();
        assertThat(hindsight.tally(0).late.getMaxValue()).isEqualTo(2_000);
    }

    @Test
    void shouldWaitForTheSettingWithTheLongestRetention() {
        // Given
        happen("start 10 anna, end 50 anna");
        hindsight.forgotten(CONVERSATION, 1);
        end(0, 1, "agent-left 53");

        // When
        hindsight.forgotten(CONVERSATION, 0);

        // Then
        assertThat(hindsight.conversations()).isEqualTo(1);
        assertThat(judgementOf(hindsight.tally(0))).isEqualTo("late 3");
    }

    @Test
    void shouldNameTheAgentWhoCameBack() {
        // Given
        happen("start 1 anna, end 5 anna, start 40 ben");
        end(0, 3, "agent-left 10");

        // When
        hindsight.judgeAll();

        // Then
        assertThat(hindsight.tally(0).premature)
                .containsExactly(new PrematureEnd(
                        CONVERSATION, 3, "agent-left", at(10), at(10), List.of(), Refutation.CAME_BACK, at(40), "ben"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "start 1 anna, end 5 anna, start 12 ben                         | 0 | 7",
                "start 1 anna, transfer 5 anna, start 12 ben                    | 7 | 0",
                "start 1 anna, end 5 anna, queue 6 q, start 12 ben, left 13 q   | 7 | 0",
                "queue 0 q, start 1 anna, end 5 anna, start 12 ben              | 0 | 7",
                "start 1 anna, end 5 anna, start 8 eva, decline 9 eva, start 12 ben | 0 | 7",
                "start 1 anna, start 3 ben, end 5 anna, end 9 ben, start 12 eva | 0 | 3",
                "start 1 anna, end 5 anna, flow 6 f, flow-end 11 f, start 12 ben | 7 | 0",
                "start 1 anna, end 5 anna, begin 8, start 12 ben                | 0 | 0",
                "start 1 anna, end 5 anna, start 106 ben                        | 0 | 0",
                "start 1 anna, end 5 anna, start 5 ben                          | 0 | 0",
            })
    void shouldMeasureHowLongNobodyHadTheConversation(String story, long announcedS, long unannouncedS) {
        // Given
        happen(story);

        // When
        hindsight.judgeAll();

        // Then
        assertThat(only(hindsight.announcedGaps())).isEqualTo(announcedS * 1_000);
        assertThat(only(hindsight.unannouncedGaps())).isEqualTo(unannouncedS * 1_000);
    }

    @Test
    void shouldListConversationsThatEndOtherwiseThanUnderTheFirstSetting() {
        // Given
        happen("start 1 anna, end 5 anna");
        end(0, 1, "agent-left 10");
        end(1, 1, "transfer-timeout 10");

        // When
        hindsight.judgeAll();

        // Then
        assertThat(hindsight.tally(0).differing).isZero();
        assertThat(hindsight.tally(1).differences)
                .containsExactly(new Tally.Difference(
                        CONVERSATION, List.of("agent-left of " + at(10)), List.of("transfer-timeout of " + at(10))));
    }

    @Test
    void shouldAddTheJudgementsOfAnotherProcessor() {
        // Given
        Hindsight other = new Hindsight(2, RETURN_WITHIN_S * 1_000L);
        other.happened("conversation-2", event("start", 1, "anna", 0), Outcome.AGENT_STARTED);
        other.ended("conversation-2", 0, ended(1, "agent-left", 10));
        other.judgeAll();
        happen("start 1 anna, end 5 anna");
        end(0, 1, "agent-left 7");
        hindsight.judgeAll();

        // When
        hindsight.add(other);

        // Then
        assertThat(hindsight.conversations()).isEqualTo(2);
        assertThat(hindsight.tally(0).endedByReason)
                .containsOnlyKeys("agent-left")
                .containsValue(2L);
        assertThat(hindsight.tally(0).premature).hasSize(1);
        assertThat(hindsight.tally(0).late.getTotalCount()).isEqualTo(1);
    }

    private static long only(Histogram gaps) {
        return gaps.getTotalCount() == 0 ? 0 : gaps.highestEquivalentValue(gaps.getMinNonZeroValue()) / 1_000 * 1_000;
    }

    private static String judgementOf(Tally tally) {
        if (tally.premature.isEmpty()) {
            return "late " + Math.max(tally.late.getMaxValue(), tally.lateExpired.getMaxValue()) / 1_000;
        }
        PrematureEnd end = tally.premature.get(0);
        return end.refutation() + " " + (end.refutedAt().getEpochSecond() - BEGIN_S);
    }

    /** Adds the events of a story, in order of arrival. */
    private void happen(String story) {
        for (String each : story.split(", ", -1)) {
            String[] words = each.trim().split(" ", -1);
            String who = words.length > 2 ? words[2] : "customer";
            long durationS = words.length > 3 ? Long.parseLong(words[3]) : 0;
            hindsight.happened(CONVERSATION, event(words[0], Long.parseLong(words[1]), who, durationS), Outcome.NOTED);
        }
    }

    private static ConversationEvent event(String what, long second, String who, long durationS) {
        String session = "session-of-" + who;
        Details details = new Details(new Evidence(what, null, at(second), null), null, session, null, null);
        return switch (what) {
            case "start" -> new AgentStarted(details, session, who, true, false);
            case "end", "late-end" -> new AgentEnded(details, session, who, durationS * 1_000, 0, 0);
            case "decline" -> new AgentEnded(ending(details, "NO_ANSWER_TRANSFER"), session, who, 0, 0, 0);
            case "transfer" -> new AgentEnded(ending(details, "TRANSFER"), session, who, 0, 0, 0);
            case "acw" -> new AfterCallWorkCompleted(details, session, who, false);
            case "queue" -> new QueueEntered(details, session);
            case "join" -> new AgentStarted(details, session, who, false, false);
            case "flow" -> new FlowStarted(details, session, true);
            case "in-queue-flow" -> new FlowStarted(details, session, false);
            case "flow-end" -> new FlowEnded(details, session, true, FlowSession.Exit.OTHER);
            case "disconnect" -> new FlowEnded(details, session, true, FlowSession.Exit.DISCONNECTED);
            case "left" -> new QueueLeft(details, session, Exit.ABANDONED, null);
            case "begin" -> new CustomerStarted(details);
            case "over" -> new CustomerEnded(details, 0);
            default -> throw new IllegalArgumentException("Expected something that can happen, but found " + what);
        };
    }

    private static Details ending(Details details, String disconnectType) {
        Evidence evidence = details.evidence();
        return new Details(
                new Evidence(evidence.topic(), null, evidence.eventTime(), disconnectType),
                null,
                details.sessionId(),
                null,
                null);
    }

    private void end(int setting, int cycle, String reasonAndSecond) {
        String[] words = reasonAndSecond.split(" ", -1);
        hindsight.ended(CONVERSATION, setting, ended(cycle, words[0], Long.parseLong(words[1])));
    }

    private static HandoverEnded ended(int cycle, String reason, long second) {
        return ended(cycle, reason, second, second);
    }

    private static HandoverEnded ended(int cycle, String reason, long occurred, long decided) {
        return new HandoverEnded(
                "command-" + cycle, CONVERSATION, cycle, null, null, at(occurred), at(decided), reason, List.of());
    }

    private static Instant at(long second) {
        return Instant.ofEpochSecond(BEGIN_S + second);
    }
}
