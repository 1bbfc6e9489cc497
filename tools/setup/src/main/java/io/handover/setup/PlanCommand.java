package io.handover.setup;

import io.handover.setup.plan.Guard;
import io.handover.setup.plan.Plan;
import io.handover.setup.plan.PlanJson;
import io.handover.setup.plan.PlanText;
import io.handover.setup.plan.Waiting;
import io.handover.setup.settings.SetupOptions;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./handover setup plan}. */
@Command(
        name = "plan",
        description = "Shows what apply would create and change. It only reads.",
        customSynopsis = "./handover setup plan [OPTIONS]",
        sortOptions = false,
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing to do",
            "1:failed, or something cannot be read or has been made by others",
            "2:something to do; or wrong usage or settings"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "    ./handover setup plan",
            "  Only the half in AWS, as JSON:",
            "    ./handover setup plan --only aws --json"
        })
final class PlanCommand implements Callable<Integer> {

    private static final int EXIT_SOMETHING_TO_DO = 2;

    private final PrintStream out;
    private final Waiting waiting;

    @Mixin
    HelpOption help = new HelpOption();

    @Mixin
    SetupOptions options = new SetupOptions();

    @Mixin
    OnlyOption only = new OnlyOption();

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    PlanCommand(PrintStream out, Waiting waiting) {
        this.out = out;
        this.waiting = waiting;
    }

    @Override
    public Integer call() {
        return Guard.run(waiting.err(), () -> {
            try (OpenSetup setup = new OpenSetup(options.settings(), options.profile, only.half, waiting)) {
                Plan plan = Plan.of(setup.resources());
                out.println(json ? PlanJson.of(plan) : PlanText.of(plan, Ansi.AUTO));
                if (!plan.unread().isEmpty() || !plan.blocking().isEmpty()) {
                    return CommandRunner.EXIT_FAILURE;
                }
                return plan.hasWork() ? EXIT_SOMETHING_TO_DO : CommandRunner.EXIT_OK;
            }
        });
    }
}
