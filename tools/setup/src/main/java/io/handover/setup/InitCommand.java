package io.handover.setup;

import io.handover.setup.settings.SetupOptions;
import io.handover.terminal.CommandException;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.HelpOption;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code ./handover setup init}. */
@Command(
        name = "init",
        description = "Writes the file of a set-up, with a comment for every setting. An existing file stays as it is.",
        customSynopsis = "./handover setup init [OPTIONS]",
        usageHelpWidth = CommandRunner.HELP_WIDTH,
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nExamples:%n",
        footer = "    ./handover setup init --file eu.properties")
final class InitCommand implements Callable<Integer> {

    static final String TEMPLATE = "setup.properties";

    private final PrintStream err;

    @Mixin
    HelpOption help = new HelpOption();

    @Option(
            names = "--file",
            paramLabel = "FILE",
            defaultValue = SetupOptions.DEFAULT_FILE,
            description = "The file to write (${DEFAULT-VALUE}).")
    Path file = Path.of(SetupOptions.DEFAULT_FILE);

    InitCommand(PrintStream err) {
        this.err = err;
    }

    @Override
    public Integer call() {
        try (InputStream template = Objects.requireNonNull(InitCommand.class.getResourceAsStream(TEMPLATE))) {
            Files.copy(template, file);
        } catch (FileAlreadyExistsException e) {
            throw new CommandException("The file " + file + " exists already. Choose another one with --file.", e);
        } catch (IOException e) {
            throw new CommandException("The file " + file + " cannot be written: " + e.getMessage(), e);
        }
        err.println("Wrote " + file + ". Fill it in, and run setup plan.");
        return CommandRunner.EXIT_OK;
    }
}
