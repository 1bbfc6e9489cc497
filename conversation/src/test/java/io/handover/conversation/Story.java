package io.handover.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.conversation.ConversationEvent.Details;
import io.handover.schema.AgentLookup;
import io.handover.schema.AgentProfile;
import io.handover.schema.AgentUpdated;
import io.handover.schema.Evidence;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverEnded;
import io.handover.schema.OperatorOrder;
import io.handover.schema.OperatorOrder.Action;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A conversation that receives events, in seconds since its beginning. Deadlines at or before the arrival of an event
 * fire first, as in the application.
 */
final class Story {

    static final String CONVERSATION = "conversation-1";

    /** The id of every order. */
    static final UUID ORDER_ID = UUID.fromString("3f1f0c5e-7a0d-4b52-9f55-6c1f2b8f9a10");

    static final long START = Instant.parse("2026-01-15T10:00:00Z").toEpochMilli();

    private ConversationStateMachine machine;
    private ConversationState state = ConversationState.NEW;
    private final List<String> commands = new ArrayList<>();
    private final List<HandoverCommand> raw = new ArrayList<>();
    private final List<AgentLookup> lookups = new ArrayList<>();
    private final Map<String, KnownAgent> agents = new HashMap<>();
    private Outcome outcome = Outcome.NOTED;
    private long at = START;

    Story() {
        this(TransferPolicy.DEFAULT);
    }

    Story(TransferPolicy policy) {
        machine = new ConversationStateMachine(policy, (agentId, time) -> agents.get(agentId));
    }

    /** Changes the settings, and keeps the state. */
    Story under(TransferPolicy policy) {
        machine = new ConversationStateMachine(policy, (agentId, time) -> agents.get(agentId));
        return this;
    }

    /** The event arrives at its event time. */
    Story receive(ConversationEvent event) {
        return receiveAt(seconds(event.time()), event);
    }

    Story receiveAt(double arrivedAt, ConversationEvent event) {
        at = Math.max(at, millis(arrivedAt));
        firePending();
        return record(machine.apply(CONVERSATION, state, event, at));
    }

    /** The name of an agent is known since that time. */
    Story know(String agentId, @Nullable String name, double since) {
        agents.put(agentId, new KnownAgent(name, null, millis(since)));
        return this;
    }

    /** The profile of an agent arrives. */
    Story learnAt(double arrivedAt, String agentId, @Nullable String name, @Nullable String imageUrl) {
        at = Math.max(at, millis(arrivedAt));
        firePending();
        return record(machine.learn(CONVERSATION, state, new AgentProfile(CONVERSATION, agentId, name, imageUrl), at));
    }

    Story passUntil(double time) {
        at = Math.max(at, millis(time));
        return firePending();
    }

    private Story firePending() {
        int fired = 0;
        while (state.pending() != null && state.pending().deadline() <= at) {
            assertThat(fired++).as("deadlines that fire for ever").isLessThan(100);
            record(machine.fire(CONVERSATION, state, at));
        }
        return this;
    }

    Story fire() {
        return record(machine.fire(CONVERSATION, state, at));
    }

    private Story record(Transition transition) {
        state = transition.state();
        outcome = transition.outcome();
        lookups.addAll(transition.lookups());
        for (HandoverCommand command : transition.commands()) {
            raw.add(command);
            String what = command instanceof AgentUpdated updated
                    ? "agent-updated " + updated.agent().id()
                    : ((HandoverEnded) command).reason();
            commands.add(String.format(
                    Locale.ROOT,
                    "%s #%d @%s",
                    what,
                    command.cycle(),
                    trimmed(seconds(command.decidedAt().toEpochMilli()))));
        }
        return this;
    }

    /** The commands as {@code reason #cycle @second decided}, oldest first. */
    List<String> commands() {
        return commands;
    }

    /** The lookups as {@code agent @second}, oldest first. */
    List<String> lookups() {
        return lookups.stream()
                .map(lookup -> lookup.agentId() + " @"
                        + trimmed(seconds(lookup.askedAt().toEpochMilli())))
                .toList();
    }

    /** What the customer is shown, oldest first: the id, name and picture of each announcement. */
    List<String> shown() {
        return raw.stream()
                .filter(AgentUpdated.class::isInstance)
                .map(command -> {
                    AgentUpdated.Agent agent = ((AgentUpdated) command).agent();
                    return agent.id() + " " + agent.name() + (agent.imageUrl() == null ? "" : " " + agent.imageUrl());
                })
                .toList();
    }

    List<HandoverCommand> rawCommands() {
        return raw;
    }

    ConversationState state() {
        return state;
    }

    /** The outcome of the newest event or deadline. */
    Outcome outcome() {
        return outcome;
    }

    static long millis(double seconds) {
        return START + Math.round(seconds * 1000);
    }

    private static double seconds(long millis) {
        return (millis - START) / 1000.0;
    }

    private static String trimmed(double value) {
        return value == Math.rint(value) ? String.valueOf((long) value) : String.valueOf(value);
    }

    static CustomerStarted customerStart(double time) {
        return new CustomerStarted(details("customer.start", "customer", time, null));
    }

    static CustomerEnded customerEnd(double time) {
        return customerEnd(time, "PEER");
    }

    static CustomerEnded customerEnd(double time, @Nullable String disconnectType) {
        return customerEnd(time, disconnectType, "customer", 0);
    }

    static CustomerEnded customerEnd(
            double time, @Nullable String disconnectType, @Nullable String session, double interacting) {
        return new CustomerEnded(
                details("customer.end", session, time, disconnectType), Math.round(interacting * 1000));
    }

    static AgentStarted userStart(String agent, double time) {
        return new AgentStarted(details("user.start", agent, time, null), agent, agent, true, false);
    }

    /** A start for an agent with several sessions, or without a user id. */
    static AgentStarted userStart(String session, @Nullable String agent, double time, boolean fromQueue) {
        return new AgentStarted(details("user.start", session, time, null), session, agent, fromQueue, false);
    }

    /** The start as an archive replay sends it. */
    static AgentStarted replayed(AgentStarted start) {
        return new AgentStarted(start.details(), start.agentSessionId(), start.agentId(), start.fromQueue(), true);
    }

    static AgentEnded userEnd(String session, @Nullable String agent, double time, @Nullable String disconnectType) {
        return new AgentEnded(details("user.end", session, time, disconnectType), session, agent, 0, 0, 0);
    }

    static AgentEnded userEnd(String agent, double time, @Nullable String disconnectType) {
        return userEnd(agent, time, disconnectType, 0, 0);
    }

    static AgentEnded userEnd(
            String agent, double time, @Nullable String disconnectType, double interacting, double alerting) {
        return new AgentEnded(
                details("user.end", agent, time, disconnectType),
                agent,
                agent,
                Math.round(interacting * 1000),
                Math.round(alerting * 1000),
                0);
    }

    static AfterCallWorkCompleted acw(String agent, double time) {
        return new AfterCallWorkCompleted(details("acw", agent, time, null), agent, agent, false);
    }

    static AgentEnded sessionlessUserEnd(double time, String disconnectType) {
        return new AgentEnded(details("user.end", null, time, disconnectType), null, null, 0, 0, 0);
    }

    static AfterCallWorkCompleted sessionlessAcw(double time) {
        return new AfterCallWorkCompleted(details("acw", null, time, null), null, null, true);
    }

    static QueueEntered acdStart(String queue, double time) {
        return new QueueEntered(details("acd.start", queue, time, null), queue);
    }

    static QueueLeft acdEnd(String queue, double time, QueueSession.Exit exit, @Nullable String answeredBy) {
        String disconnectType = exit == QueueSession.Exit.ABANDONED ? "PEER" : "TRANSFER";
        return new QueueLeft(details("acd.end", queue, time, disconnectType), queue, exit, answeredBy);
    }

    static FlowStarted flowStart(double time) {
        return flowStart("flow", time, true);
    }

    static FlowStarted flowStart(String flow, double time, boolean routing) {
        return new FlowStarted(details("flow.start", flow, time, null), flow, routing);
    }

    static FlowEnded flowEnd(double time, FlowSession.Exit exit) {
        return flowEnd("flow", time, true, exit);
    }

    static FlowEnded flowEnd(String flow, double time, boolean routing, FlowSession.Exit exit) {
        return new FlowEnded(details("flow.end", flow, time, null), flow, routing, exit);
    }

    static OperatorOrdered order(Action action, int cycle, double time) {
        Evidence evidence =
                new Evidence(OperatorOrder.TOPIC, ORDER_ID.toString(), Instant.ofEpochMilli(millis(time)), null);
        return new OperatorOrdered(
                new Details(evidence, Fingerprint.ofOrder(ORDER_ID), null, null, null), action, cycle);
    }

    static OtherEvent other(double time) {
        return new OtherEvent(details("wrapup", "wrapup", time, null));
    }

    static Details details(String topic, @Nullable String session, double time, @Nullable String disconnectType) {
        long eventTime = millis(time);
        return new Details(
                new Evidence(
                        topic,
                        "event-" + topic + '-' + session + '-' + eventTime,
                        Instant.ofEpochMilli(eventTime),
                        disconnectType),
                Fingerprint.of(topic, null, session, eventTime, null),
                session,
                "customer-1",
                "organization-1");
    }
}
