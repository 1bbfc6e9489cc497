package io.handover.torture;

import io.handover.reference.Arrival;
import io.handover.reference.Command;
import io.handover.reference.Comparison;
import io.handover.reference.Invariants;
import io.handover.reference.LogEntry;
import io.handover.reference.ReferenceModel;
import io.handover.reference.Rules;
import io.handover.torture.Finding.Defect;
import io.handover.torture.Script.Conversation;
import io.handover.traffic.GenesysEvent;
import io.handover.traffic.History;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Compares the commands of a run with the commands of the reference model. The model gets the log of the run: the same
 * arrivals, in the same order, at the same stream times.
 */
final class Ledger {

    private static final int MAX_DESCRIBED = 5;

    /** At most one conversation in this number may be excused. */
    private static final int EXCUSED_ONE_IN = 100;

    /** At most one lookup in this number may be refused by Genesys. */
    private static final int REFUSED_ONE_IN = 4;

    private final Rules rules;
    private final Map<Defect, Integer> counts = new EnumMap<>(Defect.class);
    private final List<String> descriptions = new ArrayList<>();
    private int conversations;
    private int undisturbed;
    private int excused;
    private int expected;
    private int seen;
    private long expired;
    private long namedAtOnce;
    private long namedLater;
    private int lookups;
    private int refusedLookups;
    private int profiles;
    private long deliveries;

    Ledger(Rules rules) {
        this.rules = rules;
    }

    Rules rules() {
        return rules;
    }

    /**
     * Enters a conversation.
     *
     * @param entries the arrivals of the conversation and the profiles of its partition, in the order of the log
     * @param commands the commands of the conversation, as a {@code read_committed} consumer reads them
     * @param until the time up to which every deadline must have fired, epoch ms
     */
    void enter(Conversation conversation, List<? extends LogEntry> entries, List<Command> commands, long until) {
        List<Command> required = ReferenceModel.commands(rules, entries, until);
        List<Arrival> logged = entries.stream()
                .filter(Arrival.class::isInstance)
                .map(Arrival.class::cast)
                .toList();
        conversations++;
        expected += required.size();
        seen += commands.size();
        expired += commands.stream()
                .filter(command -> command.what().equals(Command.EXPIRED))
                .count();
        namedLater +=
                commands.stream().filter(command -> command.shown().byProfile()).count();
        namedAtOnce += commands.stream()
                .filter(command ->
                        command.shown().name() != null && !command.shown().byProfile())
                .count();
        Map<Defect, Integer> found = new EnumMap<>(Defect.class);
        compare(required, commands, found);
        List<Command> endsWithoutProfiles = ends(ReferenceModel.commands(rules, logged, until));
        found.put(
                Defect.END_CHANGED,
                Comparison.of(endsWithoutProfiles, ends(commands)).isClean() ? 0 : 1);
        found.values().removeIf(count -> count == 0);
        if (!found.isEmpty() && isMixedUp(logged)) {
            excused++;
            found.clear();
        }
        List<String> breaches = new ArrayList<>(Invariants.breaches(rules, logged, commands));
        if (isForgotten(logged, until)) {
            breaches.addAll(Invariants.breachesOfLiveness(rules, logged, commands));
        }
        if (isUndisturbed(conversation.history(), logged)) {
            undisturbed++;
            breaches.addAll(Invariants.breachesOfTruth(conversation.history(), commands));
        }
        found.put(Defect.BREACH, breaches.size());
        found.values().removeIf(count -> count == 0);
        found.forEach((defect, count) -> counts.merge(defect, count, Integer::sum));
        if (!found.isEmpty() && descriptions.size() < MAX_DESCRIBED) {
            long start = conversation.history().start();
            descriptions.add(found + " " + breaches + "\n" + conversation.history() + Arrival.describe(logged, start)
                    + Command.describe("expected commands", required, start)
                    + Command.describe("commands in the topic", commands, start));
        }
    }

    private static void compare(List<Command> required, List<Command> commands, Map<Defect, Integer> found) {
        Comparison comparison = Comparison.of(required, commands);
        found.put(Defect.LOST, comparison.lost().size());
        found.put(Defect.DUPLICATED, comparison.duplicated().size());
        found.put(Defect.EARLY, comparison.early().size());
        found.put(Defect.LATE, comparison.late().size());
        found.put(Defect.UNEXPECTED, comparison.unexpected().size());
        found.put(Defect.DISORDERED, comparison.isClean() && !isInOrder(required, commands) ? 1 : 0);
    }

    private static List<Command> ends(List<Command> commands) {
        return commands.stream().filter(Command::isEnd).toList();
    }

    /**
     * Whether an event arrived later than the out-of-order grace and after an event of a later handover. Then the model
     * and the product can differ although both are right: only the model knows the handover of an event. The invariants
     * still hold.
     */
    private boolean isMixedUp(List<Arrival> logged) {
        Set<GenesysEvent> known = new HashSet<>();
        int newest = 0;
        for (Arrival arrival : logged) {
            GenesysEvent event = arrival.event();
            if (known.add(event) && event.handover() < newest && arrival.at() >= event.time() + rules.graceMs()) {
                return true;
            }
            newest = Math.max(newest, event.handover());
        }
        return false;
    }

    /** Whether the retention of the conversation is over, so that its last handover must have ended. */
    private boolean isForgotten(List<Arrival> logged, long until) {
        return logged.stream()
                .allMatch(arrival -> Math.max(arrival.at(), arrival.event().time()) + rules.retentionMs() <= until);
    }

    private static boolean isInOrder(List<Command> required, List<Command> commands) {
        for (int i = 0; i < required.size(); i++) {
            if (!required.get(i).equalsApartFromId(commands.get(i))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether all events arrived within the out-of-order grace, and no handover began soon after another. In such a
     * conversation no end may be wrong.
     */
    private boolean isUndisturbed(History history, List<Arrival> logged) {
        Set<GenesysEvent> inTime = new HashSet<>();
        for (Arrival arrival : logged) {
            if (arrival.at() < arrival.event().time() + rules.graceMs()) {
                inTime.add(arrival.event());
            }
        }
        return history.apart() && inTime.containsAll(history.events());
    }

    /**
     * Enters the answers of the bridge and compares them with the log.
     *
     * @param logged the number of records in the log, by event id
     */
    void enter(Answers answers, Map<String, Integer> logged) {
        deliveries += answers.acceptances();
        answers.accepted().forEach((id, times) -> {
            int lost = times - logged.getOrDefault(id, 0);
            for (int i = 0; i < lost; i++) {
                enter(new Finding(Defect.DELIVERY_LOST, "delivery " + id + " was accepted and is not in the log"));
            }
        });
        answers.refused()
                .forEach((id, status) -> enter(
                        new Finding(Defect.DELIVERY_REFUSED, "delivery " + id + " was given up after " + status)));
    }

    /**
     * Enters the number of lookups and profiles.
     *
     * @param refused the lookups without a profile because Genesys refused to answer
     */
    void enterLookups(int entered, int refused, int profilesInTheLog) {
        lookups += entered;
        refusedLookups += refused;
        profiles += profilesInTheLog;
    }

    /** Enters a finding. */
    void enter(Finding finding) {
        counts.merge(finding.defect(), 1, Integer::sum);
        if (descriptions.size() < MAX_DESCRIBED) {
            descriptions.add(finding.what());
        }
    }

    /** Whether there are no defects, few conversations and lookups are excused, and there was something to check. */
    boolean isClean() {
        return counts.isEmpty()
                && excused * EXCUSED_ONE_IN <= conversations
                && refusedLookups * REFUSED_ONE_IN <= lookups
                && deliveries > 0
                && expected > 0;
    }

    /** PASS or FAIL, with the number and share of the conversations that are excused. */
    String verdict() {
        return String.format(
                Locale.ROOT,
                "%s (mixed up by outages: %d of %d conversations, %.2f %%; at most %d %%)",
                isClean() ? "PASS" : "FAIL",
                excused,
                conversations,
                conversations == 0 ? 0 : 100.0 * excused / conversations,
                100 / EXCUSED_ONE_IN);
    }

    /** The number of defects of this kind. */
    int count(Defect defect) {
        return counts.getOrDefault(defect, 0);
    }

    /** The number of deliveries that were answered with 2xx. */
    long deliveries() {
        return deliveries;
    }

    int conversations() {
        return conversations;
    }

    /**
     * The number of conversations whose events all arrived within the out-of-order grace, and whose handovers are far
     * apart. Their commands are also compared with what truly happened.
     */
    int undisturbed() {
        return undisturbed;
    }

    /**
     * The number of conversations in which the model and the product differ because an outage mixed up the handovers.
     */
    int excused() {
        return excused;
    }

    /** The number of commands that the model expects. */
    int expected() {
        return expected;
    }

    /** The number of commands in the topic. */
    int seen() {
        return seen;
    }

    /** The number of handovers that ended because their conversation was forgotten. */
    long expired() {
        return expired;
    }

    /** The number of announcements that had the name. */
    long namedAtOnce() {
        return namedAtOnce;
    }

    /** The number of {@code agent-updated} that told a name or picture after the announcement. */
    long namedLater() {
        return namedLater;
    }

    /** The number of lookups in the topic. */
    int lookups() {
        return lookups;
    }

    /** The number of lookups without a profile because Genesys refused to answer. */
    int refusedLookups() {
        return refusedLookups;
    }

    /** The number of profiles in the log. */
    int profiles() {
        return profiles;
    }

    /** Descriptions of the first findings. */
    List<String> descriptions() {
        return List.copyOf(descriptions);
    }

    /** The number of defects of every kind, by title. */
    Map<String, Integer> byTitle() {
        Map<String, Integer> byTitle = new LinkedHashMap<>();
        for (Defect defect : Defect.values()) {
            byTitle.put(defect.title(), count(defect));
        }
        return byTitle;
    }
}
