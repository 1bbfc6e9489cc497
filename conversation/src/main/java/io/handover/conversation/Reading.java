package io.handover.conversation;

import io.handover.conversation.AgentSession.Reason;
import io.handover.schema.Evidence;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who has the conversation, read from the facts of the open handover. The pending end, the phase, the announcement and
 * the {@link Outcome} all follow from this value, so what is done and what is said of it agree.
 *
 * <p>The newest fact decides, by event time; the order of arrival does not matter. {@link Row} lists the readings.
 */
public sealed interface Reading {

    /** The row of the table of readings. */
    Row row();

    /** The session that decides the reading, or null if a fact of another kind does. */
    @Nullable
    Session decidedBy();

    default boolean isDecidedBy(Session session) {
        return session.equals(decidedBy());
    }

    /**
     * The table of readings: the first that applies, and the end that it makes pending.
     *
     * <pre>
     * a customer.end of this handover arrived                        handover-ended (customer-end), at once
     * an agent is alerted or serves, or joined silently              nothing
     * acd.start without acd.end; no later user.start of an agent who nothing
     * neither declined nor joined silently, and no later flow.end
     * *DISCONNECT
     * flow.start of a routing flow without flow.end, not before the  nothing
     * last departure
     * the last departure is a transfer, or an answer from a queue    nothing
     * the last departure is a flow.end *DISCONNECT                   flow-disconnected, after the transfer timeout,
     *                                                                at least the grace
     * the last departure is an acd.end, neither answer nor transfer  queue-abandoned, after the transfer timeout, at
     *                                                                least the grace
     * the last departure is a user.end, neither transfer nor         after-call-work, after the grace
     * decline, and its acw arrived
     * the last departure is a user.end, neither transfer nor         agent-left, after the acw timeout, at least the
     * decline, and no acw arrived                                    grace
     * the last departure is an acw whose user.end has not arrived    transfer-timeout, after the transfer timeout, at
     *                                                                least the grace
     * one of the five above, and only customer.end may end a         nothing
     * handover
     * no event says who has the conversation                         nothing
     * </pre>
     */
    enum Row {
        CUSTOMER_GONE(Phase.OPEN, "a customer.end of this handover arrived", "handover-ended (customer-end), at once"),
        SERVED(Phase.SERVED, "an agent is alerted or serves, or joined silently", "nothing"),
        WAITING(
                Phase.QUEUED,
                "acd.start without acd.end; no later user.start of an agent who neither declined nor joined silently,"
                        + " and no later flow.end *DISCONNECT",
                "nothing"),
        IN_FLOW(
                Phase.IN_FLOW,
                "flow.start of a routing flow without flow.end, not before the last departure",
                "nothing"),
        MOVING_ON(Phase.OPEN, "the last departure is a transfer, or an answer from a queue", "nothing"),
        FLOW_DISCONNECTED(
                Phase.OPEN,
                "the last departure is a flow.end *DISCONNECT",
                "flow-disconnected, after the transfer timeout, at least the grace"),
        QUEUE_ABANDONED(
                Phase.OPEN,
                "the last departure is an acd.end, neither answer nor transfer",
                "queue-abandoned, after the transfer timeout, at least the grace"),
        WRAPPED_UP(
                Phase.OPEN,
                "the last departure is a user.end, neither transfer nor decline, and its acw arrived",
                "after-call-work, after the grace"),
        AGENT_LEFT(
                Phase.OPEN,
                "the last departure is a user.end, neither transfer nor decline, and no acw arrived",
                "agent-left, after the acw timeout, at least the grace"),
        ACW_ALONE(
                Phase.OPEN,
                "the last departure is an acw whose user.end has not arrived",
                "transfer-timeout, after the transfer timeout, at least the grace"),
        CUSTOMER_AWAITED(Phase.OPEN, "one of the five above, and only customer.end may end a handover", "nothing"),
        NOBODY(Phase.OPEN, "no event says who has the conversation", "nothing");

        private final Phase phase;
        private final String when;
        private final String pending;

        Row(Phase phase, String when, String pending) {
            this.phase = phase;
            this.when = when;
            this.pending = pending;
        }

        /** The phase of the conversation, if no end is held. */
        Phase phase() {
            return phase;
        }

        public String when() {
            return when;
        }

        public String pending() {
            return pending;
        }
    }

    /** The customer's session is over. */
    record CustomerGone(Evidence end) implements Reading {

        @Override
        public Row row() {
            return Row.CUSTOMER_GONE;
        }

        @Override
        public @Nullable Session decidedBy() {
            return null;
        }
    }

    /** Somebody has the conversation, or it moves on to somebody, or no fact says who has it. */
    record GoingOn(Row row, @Nullable Session decidedBy) implements Reading {}

    /**
     * Nobody has the conversation any more.
     *
     * @param evidence the events that say so, oldest first; the newest is the deciding event
     */
    record Over(Row row, Session decidedBy, EndReason reason, List<Evidence> evidence) implements Reading {}

    /** Nobody has the conversation any more, and only {@code customer.end} may end the handover. */
    record CustomerAwaited(Session decidedBy) implements Reading {

        @Override
        public Row row() {
            return Row.CUSTOMER_AWAITED;
        }
    }

    /** Reads the facts of an open handover. */
    static Reading of(HandoverFacts facts, TransferPolicy policy) {
        Evidence customerEnd = facts.state().customer().unmatchedEnd();
        if (policy.customerEndEnds()
                && customerEnd != null
                && facts.state().cycle().ownsFact(customerEnd.eventTime().toEpochMilli())) {
            return new CustomerGone(customerEnd);
        }
        Reading reading = of(facts);
        return reading instanceof Over over && !policy.agentsEnd() ? new CustomerAwaited(over.decidedBy()) : reading;
    }

    /** Reads the facts that the events of agents, queues and flows report. */
    static Reading of(HandoverFacts facts) {
        if (facts.isServed()) {
            return new GoingOn(Row.SERVED, null);
        }
        QueueSession waiting = facts.waiting();
        if (waiting != null) {
            return new GoingOn(Row.WAITING, waiting);
        }
        Session last = facts.lastDeparted();
        FlowSession routing = facts.routingSince(last == null ? AgentSession.UNKNOWN : last.departedAt());
        if (routing != null) {
            return new GoingOn(Row.IN_FLOW, routing);
        }
        if (last instanceof AgentSession agent) {
            return ofAgent(agent);
        }
        if (last instanceof QueueSession queue) {
            return queue.exit() == QueueSession.Exit.ABANDONED
                    ? new Over(Row.QUEUE_ABANDONED, queue, EndReason.QUEUE_ABANDONED, List.of(known(queue.left())))
                    : new GoingOn(Row.MOVING_ON, queue);
        }
        if (last instanceof FlowSession flow) {
            return flow.exit() == FlowSession.Exit.DISCONNECTED
                    ? new Over(Row.FLOW_DISCONNECTED, flow, EndReason.FLOW_DISCONNECTED, List.of(known(flow.ended())))
                    : new GoingOn(Row.MOVING_ON, flow);
        }
        return new GoingOn(Row.NOBODY, null);
    }

    private static Reading ofAgent(AgentSession agent) {
        Evidence acw = agent.acw();
        if (agent.departure() == null) {
            return new Over(Row.ACW_ALONE, agent, EndReason.TRANSFER_TIMEOUT, List.of(known(acw)));
        }
        if (agent.is(Reason.TRANSFERRED)) {
            return new GoingOn(Row.MOVING_ON, agent);
        }
        Evidence left = agent.departure().evidence();
        if (acw == null) {
            return new Over(Row.AGENT_LEFT, agent, EndReason.AGENT_LEFT, List.of(left));
        }
        return new Over(
                Row.WRAPPED_UP,
                agent,
                EndReason.AFTER_CALL_WORK,
                acw.eventTime().isBefore(left.eventTime()) ? List.of(acw, left) : List.of(left, acw));
    }

    private static Evidence known(@Nullable Evidence event) {
        return Objects.requireNonNull(event, "Expected the event of the departure, but it is missing");
    }
}
