package io.handover.setup;

import io.handover.setup.OnlyOption.Half;
import io.handover.setup.aws.Canary;
import io.handover.setup.plan.Application;
import io.handover.setup.plan.Guard;
import io.handover.setup.plan.Plan;
import io.handover.setup.plan.Step;
import io.handover.setup.plan.Waiting;
import io.handover.setup.settings.SetupOptions;
import io.handover.terminal.CommandException;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.Question;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./handover setup destroy}. */
@Command(
        name = "destroy",
        description = {
            "Deletes what apply has made, after a question. What others have made stays.",
            "",
            "The archive and the dead letter queue hold events, so they stay without their options. The event bus and"
                    + " the integration in Genesys stay with the archive."
        },
        customSynopsis = "./handover setup destroy [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything that should go is gone",
            "1:failed, or refused at the question",
            "2:wrong usage or settings",
            "130:stopped by Ctrl-C"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "    ./handover setup destroy",
            "  With all events, without a question:",
            "    ./handover setup destroy --with-archive --with-queue --yes"
        })
final class DestroyCommand implements Callable<Integer> {

    private final PrintStream out;
    private final Waiting waiting;

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    SetupOptions options = new SetupOptions();

    @Mixin
    OnlyOption only = new OnlyOption();

    @Option(names = "--with-archive", description = "Delete the archive and its events too.")
    boolean withArchive;

    @Option(names = "--with-queue", description = "Delete the dead letter queue and its messages too.")
    boolean withQueue;

    @Option(names = "--yes", description = "Do not ask.")
    boolean yes;

    DestroyCommand(PrintStream out, Waiting waiting) {
        this.out = out;
        this.waiting = waiting;
    }

    @Override
    public Integer call() {
        return Guard.run(waiting.err(), () -> {
            try (OpenSetup setup = new OpenSetup(options.settings(), options.profile, only.half, waiting)) {
                Plan plan = Plan.of(setup.resources());
                if (!plan.unread().isEmpty()) {
                    Step unread = plan.unread().get(0);
                    throw new CommandException("The " + unread.resource().label() + " cannot be read: " + unread.note()
                            + ". Nothing was deleted.");
                }
                List<Step> going = going(plan);
                @Nullable Canary canary = setup.hasAws() ? new Canary(setup.account(), setup.aws(), waiting) : null;
                boolean isCanaryLeft = canary != null && canary.isLeft();
                if (going.isEmpty() && !isCanaryLeft) {
                    waiting.err().println("Nothing to delete.");
                    return CommandRunner.EXIT_OK;
                }
                if (!yes && !new Question(System.in, waiting.err()).isAnsweredYes("Delete this?")) {
                    waiting.err().println("Nothing was deleted.");
                    return CommandRunner.EXIT_FAILURE;
                }
                if (canary != null) {
                    canary.remove();
                }
                new Application(waiting).delete(going);
                waiting.err().println("Deleted.");
                return CommandRunner.EXIT_OK;
            }
        });
    }

    /** Prints what happens to each thing, and returns what is to be deleted. */
    private List<Step> going(Plan plan) {
        // Of the half in Genesys alone, the archive cannot be seen.
        boolean archiveStays = !withArchive
                && (only.half == Half.GENESYS
                        || plan.steps().stream()
                                .anyMatch(step -> step.found().isOurs() && isKeptWithout("--with-archive", step)));
        List<Step> going = new ArrayList<>();
        for (Step step : plan.steps()) {
            String label = step.resource().label();
            if (!step.found().exists()) {
                continue;
            }
            if (!step.found().isOurs()) {
                String note = step.found().note();
                out.println("  stay    " + label + " (" + (note.isEmpty() ? "made by others" : note) + ")");
            } else if (!withArchive && isKeptWithout("--with-archive", step)) {
                out.println("  stay    " + label + " (it holds events; add --with-archive)");
            } else if (!withQueue && isKeptWithout("--with-queue", step)) {
                out.println("  stay    " + label + " (it may hold events; add --with-queue)");
            } else if (archiveStays && step.resource().holdsArchive()) {
                out.println("  stay    " + label + " (replays of the archive need it; add --with-archive)");
            } else {
                going.add(step);
            }
        }
        going.forEach(step -> out.println("  delete  " + step.resource().label()));
        return going;
    }

    private static boolean isKeptWithout(String option, Step step) {
        return step.resource().deletedOnlyWith().filter(option::equals).isPresent();
    }
}
