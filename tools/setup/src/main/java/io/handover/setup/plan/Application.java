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
     * Waits until a thing is as it should be. The answers of AWS may lag behind its calls, so that what differs is looked at
     * again.
     *
     * @throws CommandException if it is not as it should be in time
     */
    public void awaitReady(Resource resource) {
        waiting.until(resource.label(), () -> {
            Step step = Step.of(resource);
            if (!step.found().exists()) {
                return Optional.of("not visible yet");
            }
            if (!step.found().pending().isEmpty()) {
                return Optional.of(step.found().pending());
            }
            return step.isToDo() || step.isBlocking()
                    ? Optional.of("not as it should be" + different(step))
                    : Optional.empty();
        });
    }

    private static String different(Step step) {
        String fields = step.changes().stream()
                .map(change -> change.field() + " " + change.from())
                .collect(Collectors.joining(", "));
        return (fields.isEmpty() ? "" : ": " + fields) + (step.note().isEmpty() ? "" : " (" + step.note() + ")");
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
