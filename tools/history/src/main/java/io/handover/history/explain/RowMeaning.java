package io.handover.history.explain;

import io.handover.conversation.Outcome;

/** Describes the rows of the decision table, for people. */
final class RowMeaning {

    private RowMeaning() {}

    static String of(Outcome outcome) {
        return switch (outcome) {
            case CUSTOMER_ENDED -> "the customer's session is over, and so is the handover, at once";
            case CUSTOMER_TRANSFERRED -> "the customer's session only moved: no end";
            case AGENT_STARTED -> "an agent is alerted or serves";
            case AGENT_START_AFTER_END -> "the end of this agent session came first: the agent is gone";
            case AGENT_TRANSFERRED -> "the agent passed the conversation on: no end";
            case AGENT_DECLINED -> "the agent never took the conversation: no end";
            case AGENT_LEFT_OTHERS -> "left, but it went on, or agents cannot end it: no end";
            case AGENT_LEFT_WRAPPED_UP -> "the last agent left, already wrapped up: held for the grace";
            case AGENT_LEFT -> "the last agent left: the end waits for the after-call work";
            case WRAP_UP_OF_TRANSFER -> "the agent had passed it on or declined: no end";
            case WRAP_UP -> "the last agent, who had left, is done: held for the grace";
            case WRAP_UP_NOTED -> "done, but it went on, or agents cannot end it: no end";
            case WRAP_UP_HELD -> "after-call work without an end yet: held for the transfer timeout";
            case LEGLESS_WRAP_UP_OF_TRANSFER -> "done soon after a transfer, so of that: no end";
            case LEGLESS_WRAP_UP_HELD -> "without an end yet: held for the transfer timeout";
            case QUEUE_ENTERED -> "it waits in a queue for an agent";
            case QUEUE_ANSWERED -> "an agent answered: it no longer waits";
            case QUEUE_ABANDONED -> "the customer left the queue: held for the transfer timeout";
            case NOTED -> "known now, and decides nothing";
            case REOPENED_BY_START -> "this began after the end, or refutes it: a new cycle opens";
            case REOPENED_BY_END -> "what ended here began after the end: a new cycle opens";
            case AFTER_END -> "ignored: of a handover that is over";
            case DUPLICATE -> "ignored: the same event has come before";
            case TOO_OLD -> "ignored: happened longer ago than the retention";
            case DEADLINE_STALE -> "nothing ends: something came since, or it is switched off";
            case DEADLINE_ENDED -> "nothing refuted the end until its deadline";
        };
    }
}
