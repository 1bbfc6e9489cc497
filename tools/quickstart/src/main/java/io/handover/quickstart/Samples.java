package io.handover.quickstart;

import io.handover.schema.AgentLookup;
import io.handover.schema.Delivery;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The built-in sample deliveries. Each sample shows one rule with an invented conversation. */
public final class Samples {

    /** The organisation of the events in the sample files. */
    public static final String ORGANIZATION = "example-organization";

    /** Matches the conversation ids of the sample files. */
    private static final Pattern CONVERSATION = Pattern.compile("c0000000-0000-4000-8000-[0-9]{12}");

    private static final List<Scene> SCENES = List.of(
            new Scene(
                    "1-plain-end",
                    "A plain end",
                    "An agent serves, leaves and finishes the after-call work (acw).\n"
                            + "The end is announced a little later, because a late event of another agent could refute it.",
                    null,
                    false),
            new Scene(
                    "2-duplicate",
                    "A duplicate",
                    "EventBridge can deliver an event twice. The acw of 1 arrives again with a new id: no effect.",
                    null,
                    false),
            new Scene(
                    "3-queue-transfer",
                    "A transfer to another queue",
                    "The first agent's acw ends nothing, because of the transfer. A second agent answers and leaves\n"
                            + "soon after. That is the end, but so soon after a transfer it is held until the timeout.",
                    null,
                    false),
            new Scene(
                    "4-agent-change",
                    "Another agent takes over, then the customer leaves",
                    "The second agent is announced although the first agent's user.end arrives later.\n"
                            + "When the customer leaves, the end is announced at once.",
                    null,
                    false),
            new Scene(
                    "5-another-organization",
                    "An event of another organisation",
                    "The bridge rejects it with 403, as it should.",
                    null,
                    true),
            new Scene(
                    "6-late-customer-end",
                    "The customer of 1 leaves after the end",
                    "The end of a handover is announced once: no effect.",
                    "1-plain-end",
                    false));

    private final List<Scenario> scenarios;

    private Samples(List<Scenario> scenarios) {
        this.scenarios = List.copyOf(scenarios);
    }

    /** A sample file with its description; {@code afterEndOf} is the name of another file. */
    private record Scene(
            String file,
            String title,
            String story,
            @Nullable String afterEndOf,
            boolean rejected) {}

    /**
     * A part of the samples that shows one rule. All its deliveries are of one conversation.
     *
     * @param title the rule, in a few words
     * @param story the explanation for people, in one or two lines
     * @param afterEndOf the id of the conversation whose end must be printed before the first delivery is sent; null if
     *     there is no such conversation
     * @param rejected whether the bridge is expected to reject the deliveries
     * @param deliveries the deliveries, in the order in which they are sent
     */
    record Scenario(
            String title,
            String story,
            @Nullable String afterEndOf,
            boolean rejected,
            List<OutgoingDelivery> deliveries) {

        Scenario {
            deliveries = List.copyOf(deliveries);
        }

        String conversationId() {
            Delivery first = Objects.requireNonNull(deliveries.get(0).content());
            return Objects.requireNonNull(first.conversationId());
        }
    }

    /**
     * Returns the samples of one run.
     *
     * @param run the id of the run; it makes the conversation ids different in each run
     * @param organization the organisation of the events
     * @param now the time to which the newest event is moved
     */
    static Samples of(UUID run, String organization, Instant now) {
        long newestMs = SCENES.stream()
                .flatMap(scene -> read(scene.file()).stream())
                .mapToLong(delivery -> Objects.requireNonNull(delivery.eventTimeMs()))
                .max()
                .orElseThrow();
        long shiftMs = EventTimes.shiftMs(newestMs, now);
        return new Samples(SCENES.stream()
                .map(scene -> new Scenario(
                        scene.title(),
                        scene.story(),
                        scene.afterEndOf() == null
                                ? null
                                : conversationOf(ofRun(run, organization, shiftMs, scene.afterEndOf())),
                        scene.rejected(),
                        ofRun(run, organization, shiftMs, scene.file())))
                .toList());
    }

    /** Returns a lookup for each agent of each conversation that the bridge accepts. */
    List<AgentLookup> lookups() {
        Instant now = Instant.now();
        return scenarios.stream()
                .filter(scenario -> !scenario.rejected())
                .flatMap(scenario -> scenario.deliveries().stream()
                        .map(delivery -> Objects.requireNonNull(delivery.content()))
                        .filter(delivery -> delivery.body().userId() != null)
                        .map(delivery -> new AgentLookup(
                                scenario.conversationId(), delivery.body().userId(), now)))
                .distinct()
                .toList();
    }

    /** Returns the scenarios in the order in which they are sent. */
    List<Scenario> scenarios() {
        return scenarios;
    }

    private static String conversationOf(List<OutgoingDelivery> deliveries) {
        return new Scenario("", "", null, false, deliveries).conversationId();
    }

    private static List<OutgoingDelivery> ofRun(UUID run, String organization, long shiftMs, String file) {
        return read(file).stream()
                .map(delivery -> rename(delivery, run, organization).movedBy(shiftMs))
                .toList();
    }

    private static OutgoingDelivery rename(OutgoingDelivery delivery, UUID run, String organization) {
        String text = new String(delivery.body(), StandardCharsets.UTF_8).replace(ORGANIZATION, organization);
        String renamed = CONVERSATION
                .matcher(text)
                .replaceAll(id -> UUID.nameUUIDFromBytes((run + id.group()).getBytes(StandardCharsets.UTF_8))
                        .toString());
        return OutgoingDelivery.of(delivery.line(), renamed.getBytes(StandardCharsets.UTF_8));
    }

    private static List<OutgoingDelivery> read(String file) {
        try (InputStream resource = Samples.class.getResourceAsStream("samples/" + file + ".ndjson")) {
            String text = new String(Objects.requireNonNull(resource, file).readAllBytes(), StandardCharsets.UTF_8);
            List<OutgoingDelivery> deliveries = new ArrayList<>();
            text.lines()
                    .forEach(line -> deliveries.add(
                            OutgoingDelivery.of(deliveries.size() + 1, line.getBytes(StandardCharsets.UTF_8))));
            return deliveries;
        } catch (IOException e) {
            throw new UncheckedIOException("Expected the samples to be in the jar, but reading them failed", e);
        }
    }
}
