package io.handover.quickstart.torture;

import io.handover.quickstart.torture.Finding.Defect;
import io.handover.quickstart.torture.Script.Conversation;
import io.handover.reference.Arrival;
import io.handover.reference.Command;
import io.handover.reference.ReferenceModel;
import io.handover.reference.Rules;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What came out of a run, against what had to. The commands that had to come are those of the reference model, for
 * exactly the log that there is: what arrived, in which order, at which time of its partition.
 */
final class Ledger {

    private static final int MOST_TOLD = 5;

    private final Rules rules;
    private final Map<Defect, Integer> counts = new EnumMap<>(Defect.class);
    private final List<String> told = new ArrayList<>();
    private int conversations;
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
        List<Finding> findings = CommandComparison.findings(required, commands);
        findings.forEach(this::count);
        if (!findings.isEmpty() && told.size() < MOST_TOLD) {
            long start = conversation.history().start();
            told.add(findings + "\n" + conversation.history() + Arrival.describe(logged, start)
                    + Command.describe("what must come out", required, start)
                    + Command.describe("what came out", commands, start));
        }
    }

    /**
     * Enters what the bridge answered, against what is in the log.
     *
     * @param accepted how often each event id was answered with 2xx
     * @param refused what was refused for good, with the status
     * @param logged how often each event id is in the log
     */
    void enter(Map<String, Integer> accepted, Map<String, String> refused, Map<String, Integer> logged) {
        deliveries = accepted.values().stream().mapToInt(Integer::intValue).sum();
        accepted.forEach((id, times) -> {
            int lost = times - logged.getOrDefault(id, 0);
            for (int i = 0; i < lost; i++) {
                enter(new Finding(Defect.DELIVERY_LOST, "delivery " + id + " was accepted and is not in the log"));
            }
        });
        refused.forEach((id, status) ->
                enter(new Finding(Defect.DELIVERY_REFUSED, "delivery " + id + " was refused with " + status)));
    }

    /** Enters something else that is wrong. */
    void enter(Finding finding) {
        count(finding);
        if (told.size() < MOST_TOLD) {
            told.add(finding.what());
        }
    }

    private void count(Finding finding) {
        counts.merge(finding.defect(), 1, Integer::sum);
    }

    /** Whether nothing is wrong, and there was something that could be. */
    boolean isClean() {
        return counts.isEmpty() && deliveries > 0 && expected > 0;
    }

    /** How often that is wrong. */
    int count(Defect defect) {
        return counts.getOrDefault(defect, 0);
    }

    int conversations() {
        return conversations;
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
