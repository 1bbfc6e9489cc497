package io.handover.setup;

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

    @Option(
            names = "--only",
            paramLabel = "aws|genesys",
            converter = Half.Converter.class,
            description = "Only one half of the set-up.")
    @Nullable
    Half only;

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
            try (OpenSetup setup = new OpenSetup(options.settings(), options.profile, only, waiting)) {
                Plan plan = Plan.of(setup.resources());
                if (!plan.unread().isEmpty()) {
                    Step unread = plan.unread().get(0);
                    throw new CommandException("The " + unread.resource().label() + " cannot be read: " + unread.note()
                            + ". Nothing was deleted.");
                }
                List<Step> going = going(plan);
                if (going.isEmpty()) {
                    waiting.err().println("Nothing to delete.");
                    return CommandRunner.EXIT_OK;
                }
                if (!yes && !new Question(System.in, waiting.err()).isAnsweredYes("Delete this?")) {
                    waiting.err().println("Nothing was deleted.");
                    return CommandRunner.EXIT_FAILURE;
                }
                if (setup.hasAws()) {
                    new Canary(setup.account(), setup.aws(), waiting).remove();
                }
                new Application(waiting).delete(going);
                waiting.err().println("Deleted.");
                return CommandRunner.EXIT_OK;
            }
        });
    }

    /** Prints what happens to each thing, and returns what is to be deleted. */
    private List<Step> going(Plan plan) {
        List<Step> going = new ArrayList<>();
        boolean archiveStays = false;
        for (Step step : plan.steps()) {
            if (!step.found().exists()) {
                continue;
            }
            String option = step.resource().deletedOnlyWith().orElse("");
            if (!step.found().isOurs()) {
                out.println("  stay    " + step.resource().label() + " (made by others)");
            } else if ((option.equals("--with-archive") && !withArchive)
                    || (option.equals("--with-queue") && !withQueue)) {
                archiveStays |= option.equals("--with-archive");
                out.println("  stay    " + step.resource().label() + " (it may hold events; add " + option + ")");
            } else {
                going.add(step);
            }
        }
        if (archiveStays) {
            going.removeIf(step -> step.resource().holdsArchive());
        }
        going.forEach(step -> out.println("  delete  " + step.resource().label()));
        return going;
    }
}
