package io.handover.history.report;

import io.handover.conversation.TransferPolicy;
import io.handover.conversation.fold.CustomerAddress;
import io.handover.history.report.BacktestReport.Result;
import io.handover.history.report.PrematureEnd.Refutation;
import io.handover.history.report.Tally.Difference;
import io.handover.schema.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Made-up results of back-tests. */
final class SampleReport {

    static final Instant BEGIN = Instant.parse("2026-03-02T08:00:00Z");

    /** A name of a conversation, a setting or a file that tries to break out of the page. */
    static final String HOSTILE = "</title></style><script>alert('1')</script><img src=x onerror=\"alert(2)\">&amp;";

    private final List<Result> results = new ArrayList<>();
    private final Histogram announced = new Histogram(3);
    private final Histogram unannounced = new Histogram(3);
    private String source = "archive/";
    private @Nullable Instant first = BEGIN;
    private @Nullable AgainstResult against;

    /** One setting per timeout: with a longer one, fewer handovers end too early, and all end later. */
    static SampleReport of(int... timeoutSeconds) {
        SampleReport report = new SampleReport();
        for (int seconds : timeoutSeconds) {
            report.setting(seconds + "s", seconds, tally("conversation-", 600 / (1 + seconds), seconds));
        }
        SplittableRandom random = new SplittableRandom(42);
        for (int i = 0; i < 2_000; i++) {
            report.announced.recordValue((long) Math.exp(random.nextDouble(5, 12)));
            report.unannounced.recordValue((long) Math.exp(random.nextDouble(6, 11)));
        }
        return report;
    }

    /** One setting, and no deliveries. */
    static SampleReport empty() {
        SampleReport report = new SampleReport();
        report.first = null;
        report.setting("as set", 10, new Tally());
        return report;
    }

    SampleReport setting(String name, int timeoutSeconds, Tally tally) {
        TransferPolicy policy = new TransferPolicy(
                timeoutSeconds * 1_000L,
                120_000,
                2_000,
                true,
                true,
                TransferPolicy.AnnounceOn.START,
                4 * 86_400_000L,
                0,
                TransferPolicy.DEFAULT.profiles());
        results.add(new Result(new Setting(name, policy, CustomerAddress.DEFAULT), tally));
        return this;
    }

    SampleReport hostile() {
        source = HOSTILE;
        Tally tally = tally(HOSTILE, 3, 7);
        tally.add(new Difference(HOSTILE, List.of(), List.of(HOSTILE)));
        return setting(HOSTILE, 7, tally)
                .against(new AgainstResult(
                        HOSTILE, 1, List.of(new AgainstResult.Difference(HOSTILE, HOSTILE, HOSTILE)), 0, 0, 1));
    }

    SampleReport against(AgainstResult result) {
        against = result;
        return this;
    }

    BacktestReport report() {
        return new BacktestReport(
                List.of(source),
                first == null ? 0 : 84_483,
                first == null ? 0 : 12,
                0,
                first == null ? 0 : 5_000,
                first,
                first == null ? Instant.ofEpochMilli(Long.MIN_VALUE) : BEGIN.plusSeconds(86_400),
                Duration.ofMinutes(10),
                announced,
                unannounced,
                results,
                against);
    }

    private static Tally tally(String conversationPrefix, int premature, int timeoutSeconds) {
        Tally tally = new Tally();
        SplittableRandom random = new SplittableRandom(timeoutSeconds);
        for (int i = 0; i < 2_000; i++) {
            tally.late.recordValue(i % 3 == 0 ? 0 : timeoutSeconds * 1_000L + random.nextInt(90_000));
        }
        tally.endedByReason.put("customer-end", 2_000L - premature);
        tally.endedByReason.put("transfer-timeout", 2L * premature);
        for (int i = 0; i < premature; i++) {
            tally.premature.add(premature(conversationPrefix + i, i));
        }
        tally.neverEnded = 3;
        tally.agentUpdated = 4_321;
        for (int i = 0; i < timeoutSeconds; i++) {
            tally.add(new Difference("conversation-" + i, List.of("agent-left of " + BEGIN), List.of()));
        }
        return tally;
    }

    /** A premature end, so many minutes after the beginning. */
    static PrematureEnd premature(String conversationId, int minute) {
        Instant decidedAt = BEGIN.plusSeconds(60L * minute);
        Refutation refutation = List.of(Refutation.SERVED, Refutation.QUEUED, Refutation.CAME_BACK)
                .get(minute % 3);
        return new PrematureEnd(
                conversationId,
                1 + minute % 2,
                "transfer-timeout",
                decidedAt.minusSeconds(5),
                decidedAt,
                List.of(new Evidence("acw", "event-" + minute, decidedAt.minusSeconds(5), null)),
                refutation,
                refutation == Refutation.CAME_BACK ? decidedAt.plusMillis(8_200) : decidedAt.minusSeconds(90),
                refutation == Refutation.QUEUED ? null : "agent-7");
    }
}
