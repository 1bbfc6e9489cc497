package io.handover.setup.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * The steps between how a set-up is and how it should be, in the order of their dependencies.
 *
 * @param steps one for each thing
 */
public record Plan(List<Step> steps) {

    public Plan {
        steps = List.copyOf(steps);
    }

    /**
     * Reads how all things are, and compares them with how they should be. It changes nothing.
     *
     * @param resources in the order of their dependencies
     */
    public static Plan of(List<? extends Resource> resources) {
        List<Step> steps = new ArrayList<>();
        for (Resource resource : resources) {
            try {
                steps.add(Step.of(resource));
            } catch (NotPermittedException e) {
                // The other things are worth reading all the same.
                steps.add(new Step(resource, Found.ABSENT, Step.State.CANNOT_TELL, List.of(), e.getMessage()));
            }
        }
        return new Plan(steps);
    }

    /** Whether there is something to create or to change. */
    public boolean hasWork() {
        return steps.stream().anyMatch(Step::isToDo);
    }

    /** Returns the things that stand in the way: others have taken their names, or they cannot be as wanted. */
    public List<Step> blocking() {
        return steps.stream().filter(Step::isBlocking).toList();
    }

    /** Returns the things that could not be read for want of a permission. */
    public List<Step> unread() {
        return steps.stream()
                .filter(step ->
                        step.state() == Step.State.CANNOT_TELL && !step.found().exists())
                .toList();
    }
}
