package io.handover.reference;

import io.handover.traffic.GenesysEvent;
import io.handover.traffic.GenesysEvent.Departure;
import io.handover.traffic.GenesysEvent.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A plain implementation of the decision table, which finds the commands to expect for one conversation.
 *
 * <p>After each arrival it sorts all known events by event time and reads them from scratch, as if the history were
 * complete: does an agent serve, or does the conversation wait in a queue? If not, what happened last? It keeps only the
 * arrivals and merges nothing, so the order of arrival cannot mislead it. It takes quadratic time, which does not matter
 * here.
 *
 * <p>Unlike the product, it knows to which handover an event truly belongs.
 */
public final class ReferenceModel {

    /** At equal times, the event that moves the conversation on is last. */
    static final Comparator<GenesysEvent> IN_ORDER = Comparator.comparingLong(GenesysEvent::time)
            .thenComparing(ReferenceModel::rank)
            .thenComparing(GenesysEvent::session);

    private final Rules rules;
    private final List<Arrival> known = new ArrayList<>();
    private final Set<GenesysEvent> events = new HashSet<>();
    private final List<Command> commands = new ArrayList<>();

    private int cycle = 1;
    private boolean open = true;

    /** The first handover whose events count in the open cycle. */
    private int since = 1;

    private @Nullable Command lastEnd;
    private int lastEnded;

    /** The sessions of agents who turned out to serve still, after an end that only agents' events had decided. */
    private final Set<String> refuting = new HashSet<>();

    /** When the event that reopened the conversation happened, or its session began. */
    private long reopenedBy;

    /** The newest customer.end that ended a handover. */
    private @Nullable GenesysEvent lastCustomerEnd;

    private @Nullable String shown;
    private @Nullable Conclusion held;
    private long due;

    private ReferenceModel(Rules rules) {
        this.rules = rules;
    }

    /** The reason of an end, and its evidence in the order of event time. The last event of it is the deciding one. */
    private record Conclusion(String reason, List<GenesysEvent> evidence) {}

    /**
     * Returns the commands to expect.
     *
     * @param arrivals all arrivals of one conversation, in the order of the log; their times never decrease
     * @param until the stream time afterwards
     */
    public static List<Command> commands(Rules rules, List<Arrival> arrivals, long until) {
        ReferenceModel model = new ReferenceModel(rules);
        arrivals.forEach(model::apply);
        model.advanceTo(until);
        return List.copyOf(model.commands);
    }

    private void advanceTo(long time) {
        if (held != null && due <= time) {
            end(held.reason, held.evidence, due);
            // The customer may have come back while the end was held.
            reopensWith(Set.of(Kind.CUSTOMER_START));
        }
    }

    private void apply(Arrival arrival) {
        advanceTo(arrival.at());
        GenesysEvent event = arrival.event();
        if (!events.add(event)) {
            return;
        }
        known.add(arrival);
        if (refutes(arrival)) {
            refuting.add(event.session());
        }
        if (open ? !isOfOpenHandover(event) : !reopens(arrival)) {
            return;
        }
        if (!open) {
            open(event.handover() > lastEnded ? lastEnded + 1 : event.handover());
            reopenedBy = event.kind() == Kind.USER_END ? event.began() : event.time();
        }
        if (event.kind() == Kind.CUSTOMER_END && rules.customerEndEnds()) {
            customerEnd(event, arrival.at());
            return;
        }
        conclude(arrival.at());
        announce(event, arrival.at());
        GenesysEvent customerEnd = first(known -> known.kind() == Kind.CUSTOMER_END && !known.equals(lastCustomerEnd));
        if (customerEnd != null && rules.customerEndEnds()) {
            // The customer end arrived before the first start of its handover.
            customerEnd(customerEnd, arrival.at());
        }
    }

    private void open(int handover) {
        open = true;
        cycle++;
        since = handover;
        shown = null;
    }

    private void customerEnd(GenesysEvent event, long at) {
        lastCustomerEnd = event;
        end("customer-end", List.of(event), at);
        // It may have arrived after the first start of the next handover, which is open then.
        if (reopensWith(Set.of(Kind.CUSTOMER_START, Kind.USER_START, Kind.ACD_START))) {
            conclude(at);
            announce(newestStart(), at);
        }
    }

    private boolean reopensWith(Set<Kind> starts) {
        GenesysEvent next = first(known -> known.handover() > lastEnded && starts.contains(known.kind()));
        if (next != null) {
            open(next.handover());
        }
        return next != null;
    }

    private void end(String reason, List<GenesysEvent> evidence, long decidedAt) {
        GenesysEvent deciding = evidence.get(evidence.size() - 1);
        lastEnd = Command.ended(cycle, reason, evidence, decidedAt);
        lastEnded = deciding.handover();
        commands.add(lastEnd);
        open = false;
        held = null;
        refuting.clear();
    }

    /** Rows 20 to 22 of the decision table. */
    private boolean reopens(Arrival arrival) {
        GenesysEvent event = arrival.event();
        if (event.kind().isStart()) {
            return (isAfterEnd(event.time()) || refutes(arrival)) && !isOverAnyway(arrival);
        }
        if (event.kind() == Kind.USER_END) {
            return isAfterEnd(event.began());
        }
        return event.kind() == Kind.CUSTOMER_END
                && rules.customerEndEnds()
                && isAfterEnd(event.time() - event.interactingMs());
    }

    private boolean isAfterEnd(long time) {
        return lastEnd != null && time > lastEnd.occurredAt();
    }

    /** A late start refutes an end that only agents' events decided. A start from an archive replay does not. */
    private boolean refutes(Arrival arrival) {
        GenesysEvent event = arrival.event();
        return event.kind() == Kind.USER_START
                && arrival.replay() == null
                && lastEnd != null
                && !lastEnd.what().equals("customer-end")
                && !hasDeparted(event.session());
    }

    /** The end of its handover has been known for longer than the grace. */
    private boolean isOverAnyway(Arrival start) {
        return rules.customerEndEnds()
                && known.stream()
                        .anyMatch(end -> end.event().kind() == Kind.CUSTOMER_END
                                && end.event().time() >= start.event().time()
                                && end.at() + rules.graceMs() < start.at());
    }

    /** Concludes from the facts of the open handover. A conclusion that does not change keeps its deadline. */
    private void conclude(long at) {
        Conclusion next = rules.agentsEnd() ? conclusion() : null;
        if (next == null) {
            held = null;
            return;
        }
        if (!next.equals(held)) {
            held = next;
            due = at + Math.max(rules.graceMs(), timeout(next.reason));
        }
        due = Math.max(due, transferUntil(next));
    }

    private long timeout(String reason) {
        return switch (reason) {
            case "after-call-work" -> rules.graceMs();
            case "agent-left" -> rules.afterCallWorkTimeoutMs();
            default -> rules.transferTimeoutMs();
        };
    }

    private long transferUntil(Conclusion conclusion) {
        long until = Long.MIN_VALUE;
        for (Arrival arrival : known) {
            GenesysEvent event = arrival.event();
            if (!isOfOpenHandover(event) || event.kind() != Kind.USER_END) {
                continue;
            }
            if (event.departure() == Departure.TRANSFERRED) {
                until = Math.max(until, arrival.at() + rules.transferTimeoutMs());
            } else if (event.departure() == Departure.DECLINED
                    && event.time() > conclusion.evidence.get(0).time()
                    && !conclusion.reason.equals("queue-abandoned")) {
                // Where queue events are not subscribed to, the conversation may be offered to the next agent.
                until = Math.max(until, arrival.at() + rules.afterCallWorkTimeoutMs());
            }
        }
        return until;
    }

    private @Nullable Conclusion conclusion() {
        List<GenesysEvent> facts = facts();
        if (newestStart() != null || isWaiting(facts)) {
            return null;
        }
        for (int i = facts.size() - 1; i >= 0; i--) {
            GenesysEvent fact = facts.get(i);
            switch (fact.kind()) {
                case USER_END -> {
                    if (fact.departure() == Departure.TRANSFERRED) {
                        return null;
                    }
                    if (fact.departure() == Departure.LEFT) {
                        return left(facts, fact);
                    }
                }
                case ACW -> {
                    if (end(facts, fact.session()) == null) {
                        return new Conclusion("transfer-timeout", List.of(fact));
                    }
                }
                case ACD_END -> {
                    return "ABANDON".equals(fact.acdOutcome())
                            ? new Conclusion("queue-abandoned", List.of(fact))
                            : null;
                }
                default -> {
                    // The other kinds do not say who has the conversation now.
                }
            }
        }
        return null;
    }

    private static Conclusion left(List<GenesysEvent> facts, GenesysEvent left) {
        for (GenesysEvent fact : facts) {
            if (fact.kind() == Kind.ACW && fact.session().equals(left.session())) {
                return new Conclusion(
                        "after-call-work", fact.time() < left.time() ? List.of(fact, left) : List.of(left, fact));
            }
        }
        return new Conclusion("agent-left", List.of(left));
    }

    /** Whether the conversation is in a queue that it did not leave, and from which no agent has taken it since. */
    private static boolean isWaiting(List<GenesysEvent> facts) {
        long taken = Long.MIN_VALUE;
        for (GenesysEvent fact : facts) {
            if (fact.kind() == Kind.USER_START) {
                GenesysEvent end = end(facts, fact.session());
                taken = end != null && end.departure() == Departure.DECLINED ? taken : Math.max(taken, fact.time());
            } else if (fact.kind() == Kind.USER_END && fact.departure() != Departure.DECLINED) {
                taken = Math.max(taken, fact.began());
            }
        }
        for (GenesysEvent fact : facts) {
            if (fact.kind() == Kind.ACD_START
                    && fact.time() > taken
                    && facts.stream()
                            .noneMatch(other -> other.kind() == Kind.ACD_END
                                    && other.session().equals(fact.session()))) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable GenesysEvent end(List<GenesysEvent> facts, String session) {
        for (GenesysEvent fact : facts) {
            if (fact.kind() == Kind.USER_END && fact.session().equals(session)) {
                return fact;
            }
        }
        return null;
    }

    /** Announces the newest serving agent by agent-updated, unless that agent is shown already. */
    private void announce(@Nullable GenesysEvent because, long at) {
        GenesysEvent newest = newestStart();
        if (because != null
                && newest != null
                && newest.agentId() != null
                && !newest.agentId().equals(shown)) {
            shown = newest.agentId();
            commands.add(Command.updated(cycle, newest.agentId(), because, at));
        }
    }

    /** Returns the start of the newest agent who serves. */
    private @Nullable GenesysEvent newestStart() {
        return facts().stream()
                .filter(fact -> fact.kind() == Kind.USER_START && !hasDeparted(fact.session()))
                .max(Comparator.comparingLong(GenesysEvent::time)
                        .thenComparing(start -> String.valueOf(start.agentId())))
                .orElse(null);
    }

    private boolean hasDeparted(String session) {
        return known.stream()
                .map(Arrival::event)
                .anyMatch(event ->
                        event.session().equals(session) && (event.kind() == Kind.USER_END || event.kind() == Kind.ACW));
    }

    private @Nullable GenesysEvent first(Predicate<GenesysEvent> matching) {
        return facts().stream().filter(matching).findFirst().orElse(null);
    }

    /** Returns the known events of the open handover, ordered by event time. */
    private List<GenesysEvent> facts() {
        return known.stream()
                .map(Arrival::event)
                .filter(this::isOfOpenHandover)
                .sorted(IN_ORDER)
                .toList();
    }

    /**
     * After an end that came too early, sessions that began after it count, and those that refuted it. An event whose
     * session has no known beginning counts if it happened since.
     */
    private boolean isOfOpenHandover(GenesysEvent event) {
        if (event.handover() <= lastEnded && event.kind() != Kind.CUSTOMER_END && !refuting.contains(event.session())) {
            Long began = began(event.session());
            return event.handover() >= since && (began == null ? event.time() >= reopenedBy : isAfterEnd(began));
        }
        return event.handover() >= since;
    }

    /** Returns when the session began, or null if no event says so. */
    private @Nullable Long began(String session) {
        Long began = null;
        for (Arrival arrival : known) {
            GenesysEvent event = arrival.event();
            if (event.session().equals(session) && (event.kind().isStart() || event.kind() == Kind.USER_END)) {
                long candidate = event.kind().isStart() ? event.time() : event.began();
                began = began == null ? candidate : Math.max(began, candidate);
            }
        }
        return began;
    }

    private static int rank(GenesysEvent event) {
        return switch (event.kind()) {
            case USER_END -> event.departure() == Departure.TRANSFERRED ? 3 : 1;
            case ACW -> 2;
            default -> 0;
        };
    }
}
