package io.handover.history.backtest;

import io.handover.history.report.AgainstResult;
import io.handover.history.report.Setting;
import io.handover.history.sources.PastDeliveries;
import io.handover.schema.HandoverCommand;
import io.handover.schema.HandoverSerdes;
import io.handover.schema.Topics;
import io.handover.terminal.CommandException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongPredicate;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** Compares the commands that a back-test decides from two sources. */
public final class SourceComparison {

    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();

    private SourceComparison() {}

    /**
     * Compares the commands under one setting.
     *
     * @param file where the commands of the first source are kept meanwhile
     * @param goesOn is called after each batch with the number of its deliveries; false stops the comparison
     * @return null if {@code goesOn} stopped the comparison
     */
    public static @Nullable AgainstResult compare(
            PastDeliveries first, PastDeliveries second, Setting setting, Path file, LongPredicate goesOn) {
        Serializer<HandoverCommand> serializer = HandoverSerdes.commands().serializer();
        try (BufferedWriter lines = Files.newBufferedWriter(file)) {
            boolean ended = of(first, setting)
                    .run((commands, index) -> commands.forEach(each -> write(lines, json(serializer, each))), goesOn);
            if (!ended) {
                return null;
            }
        } catch (IOException | UncheckedIOException e) {
            throw new CommandException("The commands cannot be kept in " + file + ": " + e, e);
        }
        try (CommandComparison comparison = CommandComparison.open(file)) {
            boolean ended = of(second, setting).run((commands, index) -> add(comparison, serializer, commands), goesOn);
            return ended ? comparison.result() : null;
        }
    }

    private static Backtest of(PastDeliveries past, Setting setting) {
        return new Backtest(past, List.of(setting), Backtest.ALL_TOPICS, PROCESSORS, Backtest.WITHOUT_HINDSIGHT);
    }

    private static void write(BufferedWriter lines, String json) {
        try {
            lines.write(json);
            lines.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(
            CommandComparison comparison, Serializer<HandoverCommand> serializer, List<DecidedCommand> commands) {
        for (DecidedCommand each : commands) {
            HandoverCommand command = each.command();
            comparison.add(command.id(), command.conversationId(), command.decidedAt(), json(serializer, each));
        }
    }

    private static String json(Serializer<HandoverCommand> serializer, DecidedCommand decided) {
        return new String(serializer.serialize(Topics.COMMANDS, decided.command()), StandardCharsets.UTF_8);
    }
}
