package io.handover.setup.check;

import io.handover.setup.plan.NotPermittedException;
import io.handover.terminal.CommandException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The findings of a verification, in the order of the checks. */
public final class Findings {

    private final List<Finding> all = new ArrayList<>();

    /** Runs a check. What it cannot read becomes a finding, so that the other checks go on. */
    public void check(String name, Consumer<Findings> check) {
        try {
            check.accept(this);
        } catch (NotPermittedException e) {
            add(Finding.unchecked(name, e.getMessage(), "Add the permission; docs/setup.md has the policy of verify."));
        } catch (CommandException e) {
            add(Finding.error(name, String.valueOf(e.getMessage()), "Check the network and the credentials."));
        }
    }

    /** Adds that a check found no problem, if it has found none. */
    public void addOkUnlessProblem(String check, String found) {
        if (all.stream().noneMatch(finding -> finding.check().equals(check))) {
            add(Finding.ok(check, found));
        }
    }

    public void add(Finding finding) {
        all.add(finding);
    }

    public List<Finding> all() {
        return List.copyOf(all);
    }
}
