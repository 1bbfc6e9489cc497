package io.handover.streams.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random histories whose events arrive in any order within the grace, some of them twice: one end each, and none while
 * an agent serves.
 */
class ArrivalOrderTest {

    private static final int HISTORIES = 5_000;

    /** What an organisation may have subscribed to. */
    enum Subscription {
        EVERYTHING(".*"),
        AGENTS("user\\.start|user\\.end|acw"),
        AGENTS_AND_CUSTOMER("user\\.start|user\\.end|acw|customer\\.end"),
        USER_END_AND_ACW("user\\.end|acw"),
        QUEUES_AND_ENDS("acd\\.start|acd\\.end|user\\.end|acw"),
        CUSTOMER_END("customer\\.end");

        private final String topics;

        Subscription(String topics) {
            this.topics = topics;
        }
    }

    private record Service(double from, double to) {}

    private record Arrival(double at, ConversationEvent event) {}

    /**
     * What truly happened: one agent after the other, some decline, the last one leaves. Where starts are subscribed to,
     * an agent may also take over from one who just leaves, which nothing but the start tells.
     */
    private static final class History {

        private final Random random;
        private final List<ConversationEvent> events = new ArrayList<>();
        private final List<Service> services = new ArrayList<>();
        private double now;
        private int agents;
        private int queues;

        private History(long seed, boolean startsAreTold) {
            random = new Random(seed);
            events.add(Story.customerStart(now));
            int transfers = random.nextInt(4);
            for (int i = 0; i < transfers; i++) {
                if (startsAreTold && random.nextInt(3) == 0) {
                    serve("CLIENT");
                    now -= 0.2;
                    serveUntil(now, now, "TRANSFER");
                } else {
                    serve("TRANSFER");
                }
            }
            serve(random.nextBoolean() ? "CLIENT" : "PEER");
            if (random.nextInt(3) > 0) {
                events.add(Story.customerEnd(now + random.nextDouble() * 200));
            }
        }

        private void serve(String disconnectType) {
            String queue = "q" + queues++;
            events.add(Story.acdStart(queue, now + 0.1));
            now += 0.2 + random.nextDouble() * 60;
            while (random.nextInt(4) == 0) {
                String declining = "a" + agents++;
                events.add(Story.userStart(declining, now));
                events.add(Story.userEnd(
                        declining, now + 20, random.nextBoolean() ? "NO_ANSWER_TRANSFER" : "CLIENT", 0, 20));
                now += 20 + random.nextDouble() * 30;
            }
            double answered = now + random.nextDouble() * 5;
            events.add(Story.acdEnd(queue, answered, QueueSession.Exit.ANSWERED, "a" + agents));
            serveUntil(now, answered, disconnectType);
        }

        private void serveUntil(double from, double answered, String disconnectType) {
            String agent = "a" + agents++;
            events.add(Story.userStart(agent, from));
            now = answered + 3 + random.nextDouble() * 300;
            services.add(new Service(from, now));
            events.add(Story.userEnd(agent, now, disconnectType, now - answered, answered - from));
            events.add(Story.acw(agent, now + random.nextDouble() * 100));
        }

        private List<Arrival> delivered(Subscription subscription) {
            List<Arrival> arrivals = new ArrayList<>();
            double grace = TransferPolicy.DEFAULT.outOfOrderGraceMs() / 1000.0 - 0.002;
            for (ConversationEvent event : events) {
                if (event.details().evidence().topic().matches(subscription.topics)) {
                    double at = (event.time() - Story.START) / 1000.0 + random.nextDouble() * grace;
                    arrivals.add(new Arrival(at, event));
                    if (random.nextInt(5) == 0) {
                        arrivals.add(new Arrival(at + random.nextDouble() * 1_000, event));
                    }
                }
            }
            Collections.shuffle(arrivals, random);
            arrivals.sort(Comparator.comparingDouble(Arrival::at));
            return arrivals;
        }
    }

    @ParameterizedTest
    @EnumSource(Subscription.class)
    void shouldEndOnceAndNeverWhileAnAgentServes(Subscription subscription) {
        LongStream.range(0, HISTORIES).forEach(seed -> {
            // Given
            History history = new History(seed, "user.start".matches(subscription.topics));
            Story story = new Story();
            List<Arrival> arrivals = history.delivered(subscription);
            // When
            arrivals.forEach(arrival -> story.tellAt(arrival.at(), arrival.event()));
            story.passUntil(100_000);
            // Then
            Stream<String> ends = story.commands().stream().filter(command -> !command.startsWith("agent-updated"));
            boolean evidence = subscription != Subscription.CUSTOMER_END || !arrivals.isEmpty();
            assertThat(ends).as("seed %d: %s", seed, story.commands()).hasSize(evidence ? 1 : 0);
            assertThat(story.rawCommands())
                    .as("seed %d: %s of %s", seed, story.commands(), history.services)
                    .filteredOn(command -> command.type().equals("handover-ended"))
                    .allSatisfy(command -> {
                        double decided = (command.decidedAt().toEpochMilli() - Story.START) / 1000.0;
                        assertThat(history.services)
                                .noneMatch(service -> decided >= service.from() && decided < service.to());
                        assertThat(decided).isGreaterThanOrEqualTo(history.now);
                    });
        });
    }
}
