package io.handover.setup.plan;

import io.handover.terminal.CommandException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Does the steps of a plan. It can be stopped or killed at any point; the next plan contains what is left. */
public final class Application {

    private final Waiting waiting;

    public Application(Waiting waiting) {
        this.waiting = waiting;
    }

    /**
     * Creates and changes what the plan says, in its order, and waits until each thing is ready.
     *
     * @throws CommandException if the plan cannot be applied, or a step fails
     */
    public void apply(Plan plan) {
        requirePossible(plan);
        for (Step step : plan.steps()) {
            waiting.checkStopped();
            Resource resource = step.resource();
            switch (step.state()) {
                case CREATE -> {
                    waiting.err().println("  creating " + resource.label());
                    resource.create();
                }
                case CHANGE -> {
                    waiting.err().println("  changing " + resource.label());
                    resource.change(step.found());
                }
                case KEEP, CANNOT_TELL, FOREIGN, BLOCKED -> {
                    if (step.found().pending().isEmpty()) {
                        continue;
                    }
                }
            }
            awaitReady(resource);
        }
    }

    /**
     * Checks that nothing stands in the way of a plan.
     *
     * @throws CommandException if something does
     */
    public static void requirePossible(Plan plan) {
        refuse(plan.blocking(), "This is in the way: ", ". Nothing was changed.");
        refuse(plan.unread(), "These cannot be read with your permissions: ", ". Nothing was changed.");
    }

    /**
     * Deletes things of this command in the reverse order of their dependencies. Things of others stay.
     *
     * @param steps the things that are to be deleted, in the order of their dependencies
     */
    public void delete(List<Step> steps) {
        for (int i = steps.size() - 1; i >= 0; i--) {
            waiting.checkStopped();
            Resource resource = steps.get(i).resource();
            waiting.err().println("  deleting " + resource.label());
            resource.delete();
            waiting.until(resource.label(), () -> {
                Found found = resource.find();
                return found.isOurs() || !found.pending().isEmpty() ? Optional.of("there") : Optional.empty();
            });
        }
    }

    /**
     * Waits until a thing has settled.
     *
     * @throws CommandException if it does not settle in time, or not as it should be
     */
    public void awaitReady(Resource resource) {
        waiting.until(resource.label(), () -> {
            Step step = Step.of(resource);
            Found found = step.found();
            // The lists of AWS may lag behind its calls.
            String state = found.exists() ? found.pending() : "not visible yet";
            if (state.isEmpty() && (step.isToDo() || step.isBlocking())) {
                throw new CommandException("The " + resource.label() + " is not as it should be: "
                        + step.changes().stream()
                                .map(change -> change.field() + " " + change.from())
                                .collect(Collectors.joining(", "))
                        + (step.note().isEmpty() ? "" : " (" + step.note() + ")") + ".");
            }
            return state.isEmpty() ? Optional.empty() : Optional.of(state);
        });
    }

    private static void refuse(List<Step> steps, String sentence, String end) {
        if (!steps.isEmpty()) {
            throw new CommandException(sentence
                    + steps.stream()
                            .map(step -> step.resource().label() + " (" + step.note() + ")")
                            .collect(Collectors.joining(", "))
                    + end);
        }
    }
}
