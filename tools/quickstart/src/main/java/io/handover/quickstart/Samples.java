package io.handover.quickstart;

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

/** The built-in deliveries: a few conversations of a made-up contact centre, each of which shows one thing. */
public final class Samples {

    /** The organisation whose events these are. */
    public static final String ORGANIZATION = "example-organization";

    /** The conversation ids of the files. */
    private static final Pattern CONVERSATION = Pattern.compile("c0000000-0000-4000-8000-[0-9]{12}");

    private static final List<Scene> SCENES = List.of(
            new Scene(
                    "1-plain-end",
                    "A plain end",
                    "An agent serves, leaves and finishes the after-call work.\n"
                            + "The end is told a little later: late news of another agent could still refute it.",
                    null,
                    false),
            new Scene(
                    "2-duplicate",
                    "A duplicate",
                    "EventBridge may deliver twice. The after-call work of 1 comes again, under a new id: no effect.",
                    null,
                    false),
            new Scene(
                    "3-queue-transfer",
                    "A transfer to another queue",
                    "The first agent's after-call work is no end. A second agent answers, and leaves soon after:\n"
                            + "that end is real, but so close to a transfer that it is held until the timeout.",
                    null,
                    false),
            new Scene(
                    "4-agent-change",
                    "Another agent takes over, then the customer leaves",
                    "The second agent is announced although the first one's leave arrives later.\n"
                            + "The customer's own end needs no waiting.",
                    null,
                    false),
            new Scene(
                    "5-another-organization",
                    "Somebody else's event",
                    "It comes from another organisation, so the bridge refuses it with 403, as it should.",
                    null,
                    true),
            new Scene(
                    "6-late-customer-end",
                    "The customer leaves 1, after its end",
                    "Each handover ends once: no effect.",
                    "1-plain-end",
                    false));

    private final List<Scenario> scenarios;

    private Samples(List<Scenario> scenarios) {
        this.scenarios = List.copyOf(scenarios);
    }

    /** A file, and the story around it. */
    private record Scene(
            String file,
            String title,
            String story,
            @Nullable String afterEndOf,
            boolean refused) {}

    /**
     * A conversation that shows one thing.
     *
     * @param title what it shows, in a few words
     * @param story what happens and why, a line or two
     * @param afterEndOf the conversation whose end must have been told first, or null
     * @param refused whether the bridge is right to refuse it
     * @param deliveries what to send, in this order
     */
    record Scenario(
            String title,
            String story,
            @Nullable String afterEndOf,
            boolean refused,
            List<OutgoingDelivery> deliveries) {

        Scenario {
            deliveries = List.copyOf(deliveries);
        }

        /** The conversation that it tells of. */
        String conversationId() {
            Delivery first = Objects.requireNonNull(deliveries.get(0).content());
            return Objects.requireNonNull(first.conversationId());
        }
    }

    /**
     * The samples of one run.
     *
     * @param run makes the conversations of this run others than those of the runs before
     * @param organization whose events they are to be
     * @param now when the newest of them is to have happened
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
                        scene.refused(),
                        ofRun(run, organization, shiftMs, scene.file())))
                .toList());
    }

    /** In the order in which they are to be sent. */
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
