package io.handover.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class CommandRunnerTest {

    @Command(name = "hungry")
    private static final class Hungry implements Callable<Integer> {

        @Override
        public Integer call() {
            throw new OutOfMemoryError("Java heap space");
        }
    }

    @Test
    void shouldSayThatMemoryIsNotEnoughAndHowToAllowMore() {
        // Given
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        // When
        int code = CommandRunner.run(
                (out, messages, stop) -> new CommandLine(new Hungry()), stream, stream, new StopSignal());
        // Then
        assertThat(code).isEqualTo(CommandRunner.EXIT_FAILURE);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .matches("handover: The \\d+ MB of memory that Java may use are not enough; allow more, such as"
                        + " JAVA_OPTS=-Xmx\\d+m\\.\\R");
    }
}
