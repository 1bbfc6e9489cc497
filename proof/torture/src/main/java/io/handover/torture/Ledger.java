package io.handover.torture;

import io.handover.reference.Arrival;
import io.handover.reference.Command;
import io.handover.reference.Comparison;
import io.handover.reference.Invariants;
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
 * What came out of a run, against what had to. The commands that had to come are those of the reference model, for
 * exactly the log that there is: what arrived, in which order, at which time of its partition.
 */
final class Ledger {

    private static final int MOST_TOLD = 5;

    /** One conversation in so many may be excused; usually it is one in a thousand. */
    private static final int EXCUSED_ONE_IN = 100;

    private final Rules rules;
    private final Map<Defect, Integer> counts = new EnumMap<>(Defect.class);
    private final List<String> told = new ArrayList<>();
    private int conversations;
    private int calm;
    private int excused;
    private int expected;
    private int seen;
    private long deliveries;

    Ledger(Rules rules) {
        this.rules = rules;
    }

    /**
     * Enters a conversation.
     *
     * @param logged its deliveries in the order of the log, each with the time of the log then
     * @param commands what a consumer of committed records read
     * @param until the time of the log afterwards
     */
    void enter(Conversation conversation, List<Arrival> logged, List<Command> commands, long until) {
        List<Command> required = ReferenceModel.commands(rules, logged, until);
        conversations++;
        expected += required.size();
        seen += commands.size();
        Map<Defect, Integer> found = new EnumMap<>(Defect.class);
        compare(required, commands, found);
        found.values().removeIf(count -> count == 0);
        if (!found.isEmpty() && isMixedUp(logged)) {
            excused++;
            found.clear();
        }
        List<String> breaches = new ArrayList<>(Invariants.breaches(rules, logged, commands));
        if (isCalm(conversation.history(), logged)) {
            calm++;
            breaches.addAll(Invariants.breachesOfTruth(conversation.history(), commands));
        }
        found.put(Defect.BREACH, breaches.size());
        found.values().removeIf(count -> count == 0);
        found.forEach((defect, count) -> counts.merge(defect, count, Integer::sum));
        if (!found.isEmpty() && told.size() < MOST_TOLD) {
            long start = conversation.history().start();
            told.add(found + " " + breaches + "\n" + conversation.history() + Arrival.describe(logged, start)
                    + Command.describe("what must come out", required, start)
                    + Command.describe("what came out", commands, start));
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

    /**
     * Whether an event of one handover came after those of the next, and later than the grace. The model is told which
     * handover an event is of, and nobody tells the product, so both can be right there and differ; the invariants hold.
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

    private static boolean isInOrder(List<Command> required, List<Command> commands) {
        for (int i = 0; i < required.size(); i++) {
            if (!required.get(i).tellsTheSameAs(commands.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Whether everything came within the grace and no handover soon after another, so that nothing excuses a wrong end. */
    private boolean isCalm(History history, List<Arrival> logged) {
        Set<GenesysEvent> inTime = new HashSet<>();
        for (Arrival arrival : logged) {
            if (arrival.at() < arrival.event().time() + rules.graceMs()) {
                inTime.add(arrival.event());
            }
        }
        return history.apart() && inTime.containsAll(history.events());
    }

    /**
     * Enters what the bridge answered, against what is in the log.
     *
     * @param logged how often each event id is in the log
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
                .forEach((id, status) ->
                        enter(new Finding(Defect.DELIVERY_REFUSED, "delivery " + id + " was refused with " + status)));
    }

    /** Enters something else that is wrong. */
    void enter(Finding finding) {
        counts.merge(finding.defect(), 1, Integer::sum);
        if (told.size() < MOST_TOLD) {
            told.add(finding.what());
        }
    }

    /** Whether nothing is wrong, few conversations are excused, and there was something that could be wrong. */
    boolean isClean() {
        return counts.isEmpty() && excused * EXCUSED_ONE_IN <= conversations && deliveries > 0 && expected > 0;
    }

    /** PASS or FAIL, and how many conversations are excused. */
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

    /** How often that is wrong. */
    int count(Defect defect) {
        return counts.getOrDefault(defect, 0);
    }

    /** Deliveries that were answered with 2xx. */
    long deliveries() {
        return deliveries;
    }

    int conversations() {
        return conversations;
    }

    /** Those of them that nothing disturbed, and that were held against what truly happened as well. */
    int calm() {
        return calm;
    }

    /** Those of which two handovers came mixed up, and that the model judges otherwise than the product. */
    int excused() {
        return excused;
    }

    /** Commands that had to come. */
    int expected() {
        return expected;
    }

    /** Commands that came. */
    int seen() {
        return seen;
    }

    /** The first things that are wrong, for a person. */
    List<String> told() {
        return List.copyOf(told);
    }

    /** How often each thing is wrong, all of them. */
    Map<String, Integer> byTitle() {
        Map<String, Integer> byTitle = new LinkedHashMap<>();
        for (Defect defect : Defect.values()) {
            byTitle.put(defect.title(), count(defect));
        }
        return byTitle;
    }
}
