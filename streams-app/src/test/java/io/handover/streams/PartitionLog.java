package io.handover.streams;

import io.handover.reference.Arrival;
import io.handover.reference.LogEntry;
import io.handover.reference.ProfileArrival;
import io.handover.reference.RunSeed;
import io.handover.reference.UnreliableDelivery;
import io.handover.schema.AgentProfile;
import io.handover.schema.ClockTick;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.RecordKind;
import io.handover.schema.Topics;
import io.handover.traffic.Choices;
import io.handover.traffic.History;
import io.handover.traffic.HistoryGenerator;
import io.handover.traffic.Tempo;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/**
 * One partition of {@code handover-events} in which many conversations go on at the same time.
 *
 * @param entries in the order of the log; their times never go back
 * @param historyByConversation what really happened
 */
record PartitionLog(List<Entry> entries, Map<String, History> historyByConversation) {

    private static final long START = TopologyFixture.START.toEpochMilli();
    private static final long WITHIN_MS = 3_600_000;
    private static final int PROFILE_ONE_IN = 5;
    private static final int SOON_MS = 2_000;
    private static final int LATE_MS = 300_000;
    private static final List<String> NOISE = List.of("attributes", "outbound", "voicemail.start", "contact", "");

    /**
     * A record.
     *
     * @param content the delivery or the profile; null for noise
     */
    record Entry(
            TestRecord<String, byte[]> record, @Nullable LogEntry content) {

        private static Entry of(
                long time, @Nullable String key, byte @Nullable [] value, Headers headers, @Nullable LogEntry content) {
            return new Entry(new TestRecord<>(key, value, headers, time), content);
        }

        private static Entry of(ProfileArrival profile) {
            AgentProfile value =
                    new AgentProfile(profile.conversationId(), profile.agentId(), profile.name(), profile.imageUrl());
            return of(
                    profile.at(),
                    profile.conversationId(),
                    HandoverSerdes.agentProfileSerializer().serialize(Topics.EVENTS, value),
                    new RecordHeaders().add(RecordKind.AGENT_PROFILE.header()),
                    profile);
        }

        /** The delivery; null if there is none. */
        @Nullable
        Arrival arrival() {
            return content instanceof Arrival arrival ? arrival : null;
        }

        long time() {
            return record.timestamp();
        }

        String key() {
            return record.key();
        }
    }

    /** A log of that many conversations, which all begin within an hour. */
    static PartitionLog of(long seed, int conversations, UnreliableDelivery delivery) {
        Choices choices = Choices.seeded(RunSeed.of(seed));
        Map<String, History> histories = new LinkedHashMap<>();
        List<Entry> entries = new ArrayList<>();
        for (int i = 0; i < conversations; i++) {
            String id = conversation(i);
            History history =
                    HistoryGenerator.generate(Tempo.HUMAN, choices, id, START + choices.between(0, WITHIN_MS));
            histories.put(id, history);
            for (Arrival arrival : delivery.deliver(history, choices)) {
                entries.add(Entry.of(arrival.at(), id, arrival.envelope(), new RecordHeaders(), arrival));
            }
        }
        entries.sort(Comparator.comparingLong(Entry::time));
        return new PartitionLog(entries, histories);
    }

    private static String conversation(int number) {
        return "conversation-" + number;
    }

    /** The arrivals of a conversation. */
    List<Arrival> arrivals(String conversation) {
        List<Arrival> arrivals = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.content() instanceof Arrival arrival && conversation.equals(entry.key())) {
                arrivals.add(arrival);
            }
        }
        return arrivals;
    }

    /** The same log without second deliveries. */
    PartitionLog withoutDuplicates() {
        Set<Object> known = new HashSet<>();
        return new PartitionLog(
                entries.stream()
                        .filter(entry -> !(entry.content() instanceof Arrival arrival) || known.add(arrival.event()))
                        .toList(),
                historyByConversation);
    }

    /**
     * The same log with profiles in between. Most come for an agent of the conversation: soon, late or twice, with a name
     * and a picture that can change, or without a name. The others come for another conversation, or for none.
     */
    PartitionLog withProfiles(long seed) {
        Choices choices = Choices.seeded(RunSeed.of(seed));
        List<Entry> mixed = new ArrayList<>(entries);
        for (Entry entry : entries) {
            String agent =
                    entry.content() instanceof Arrival arrival ? arrival.event().agentId() : null;
            if (agent == null || !choices.oneIn(PROFILE_ONE_IN)) {
                continue;
            }
            long at = entry.time() + choices.below(choices.oneIn(4) ? LATE_MS : SOON_MS);
            String conversation =
                    choices.oneIn(8) ? conversation(choices.below(historyByConversation.size())) : entry.key();
            ProfileArrival profile = profile(choices, at, choices.oneIn(20) ? null : conversation, agent);
            mixed.add(Entry.of(profile));
            if (choices.oneIn(5)) {
                mixed.add(Entry.of(profile));
            }
        }
        mixed.sort(Comparator.comparingLong(Entry::time));
        return new PartitionLog(mixed, historyByConversation);
    }

    private static ProfileArrival profile(Choices choices, long at, @Nullable String conversation, String agent) {
        return switch (choices.below(6)) {
            case 0 -> new ProfileArrival(at, conversation, agent, null, null);
            case 1 -> new ProfileArrival(at, conversation, agent, agent + " B.", null);
            case 2 -> new ProfileArrival(at, conversation, agent, agent, "https://pictures.example/" + agent);
            default -> new ProfileArrival(at, conversation, agent, agent, null);
        };
    }

    /** The same log with additional records that are unwanted or unreadable. */
    PartitionLog withNoise(long seed) {
        Choices choices = Choices.seeded(RunSeed.of(seed));
        List<Entry> noisy = new ArrayList<>();
        for (Entry entry : entries) {
            noisy.add(entry);
            if (choices.oneIn(3)) {
                noisy.add(noise(choices, entry));
            }
        }
        return new PartitionLog(noisy, historyByConversation);
    }

    private static Entry noise(Choices choices, Entry beside) {
        return switch (choices.below(5)) {
            case 0 -> Entry.of(beside.time(), beside.key(), null, new RecordHeaders(), null);
            case 1 -> delivery(beside, "{\"detail\": {\"topicName\": 7} broken");
            case 2 ->
                Entry.of(
                        beside.time(),
                        null,
                        HandoverSerdes.clockTickSerializer()
                                .serialize(Topics.EVENTS, new ClockTick(0, Instant.ofEpochMilli(beside.time()))),
                        new RecordHeaders().add(RecordKind.CLOCK_TICK.header()),
                        null);
            case 3 -> delivery(beside, unknownTopic("attributes", beside));
            default -> delivery(beside, unknownTopic(choices.oneOf(NOISE), beside));
        };
    }

    private static String unknownTopic(String topic, Entry beside) {
        return """
                {"id": "noise", "detail-type": "v2.detail.events.conversation.{id}.%1$s",
                 "source": "aws.partner/genesys.com/cloud/genesys/example-organization", "time": "2026-01-15T10:00:00Z",
                 "detail": {"topicName": "v2.detail.events.conversation.%2$s.%1$s",
                            "eventBody": {"eventTime": %3$d, "conversationId": "%2$s", "sessionId": "noise"}}}
                """.formatted(topic, beside.key(), beside.time());
    }

    private static Entry delivery(Entry beside, String json) {
        return Entry.of(beside.time(), beside.key(), json.getBytes(StandardCharsets.UTF_8), new RecordHeaders(), null);
    }
}
