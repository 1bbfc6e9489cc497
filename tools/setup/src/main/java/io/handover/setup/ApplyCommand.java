package io.handover.setup;

import io.handover.setup.plan.Application;
import io.handover.setup.plan.Guard;
import io.handover.setup.plan.Plan;
import io.handover.setup.plan.PlanText;
import io.handover.setup.plan.Waiting;
import io.handover.setup.settings.SetupOptions;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import io.handover.terminal.Question;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./handover setup apply}. */
@Command(
        name = "apply",
        description = {
            "Shows the plan, asks, and creates and changes what the plan says. Then it waits until EventBridge and"
                    + " Genesys are ready.",
            "",
            "It can be stopped at any point; the same command goes on. What others have made is never touched."
        },
        customSynopsis = "./handover setup apply [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything is as it should be",
            "1:failed, or refused at the question",
            "2:wrong usage or settings",
            "130:stopped by Ctrl-C"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "    ./handover setup apply",
            "  Only the half in AWS, without a question:",
            "    ./handover setup apply --only aws --yes"
        })
final class ApplyCommand implements Callable<Integer> {

    private final PrintStream out;
    private final Waiting waiting;

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    SetupOptions options = new SetupOptions();

    @Mixin
    OnlyOption only = new OnlyOption();

    @Option(names = "--yes", description = "Do not ask.")
    boolean yes;

    ApplyCommand(PrintStream out, Waiting waiting) {
        this.out = out;
        this.waiting = waiting;
    }

    @Override
    public Integer call() {
        return Guard.run(waiting.err(), () -> {
            try (OpenSetup setup = new OpenSetup(options.settings(), options.profile, only.half, waiting)) {
                Plan plan = Plan.of(setup.resources());
                out.println(PlanText.of(plan, Ansi.AUTO));
                Application.requirePossible(plan);
                if (plan.hasWork()
                        && !yes
                        && !new Question(System.in, waiting.err()).isAnsweredYes("Apply this plan?")) {
                    waiting.err().println("Nothing was changed.");
                    return CommandRunner.EXIT_FAILURE;
                }
                new Application(waiting).apply(plan);
                waiting.err().println("Everything is as it should be. Check the whole way: setup verify");
                return CommandRunner.EXIT_OK;
            }
        });
    }
}
