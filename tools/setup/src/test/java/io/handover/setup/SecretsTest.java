package io.handover.setup;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import io.handover.fakeaws.Call;
import io.handover.fakeaws.FakeAws;
import io.handover.fakeaws.Interceptor;
import io.handover.fakegenesys.FakeGenesys;
import io.handover.setup.Clouds.Result;
import io.handover.setup.dlq.DlqCommand;
import io.handover.setup.plan.Waiting;
import io.handover.terminal.StopSignal;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The key of the bridge and the credentials of both clouds go where they must, and nowhere else. */
class SecretsTest {

    private static final String NEW_KEY = "second-key-91b3";
    private static final String[] SECRETS = {Clouds.KEY, NEW_KEY, FakeGenesys.CLIENT_SECRET, FakeAws.SECRET_KEY};
    private static final Logger OURS = (Logger) LoggerFactory.getLogger("io.handover");
    private static final Logger SDK = (Logger) LoggerFactory.getLogger("software.amazon.awssdk");

    @TempDir
    Path folder;

    private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

    /** The level of the SDK is the one of logback.xml of ./handover. */
    @BeforeEach
    void logEverything() {
        logged.start();
        OURS.setLevel(Level.TRACE);
        SDK.setLevel(Level.WARN);
        for (Logger logger : List.of(OURS, SDK)) {
            logger.setAdditive(false);
            logger.addAppender(logged);
        }
    }

    @AfterEach
    void logAsBefore() {
        for (Logger logger : List.of(OURS, SDK)) {
            logger.setLevel(null);
            logger.setAdditive(true);
            logger.detachAppender(logged);
        }
    }

    @Test
    void shouldKeepSecretsOutOfEverythingButTheCallsThatNeedThem() {
        try (BridgeStub bridge = new BridgeStub(folder);
                Clouds clouds = new Clouds(folder)) {
            // Given
            bridge.keys.addAll(List.of(Clouds.KEY, NEW_KEY));
            clouds.aws.trust(bridge.certificate());
            clouds.settings.put("endpoint.url", bridge.url());
            // When
            clouds.aws.intercept(new Refusal());
            Result refused = clouds.run("apply", "--yes");
            clouds.aws.intercept(Interceptor.NONE);
            Result applied = clouds.run("apply", "--yes");
            clouds.run("plan", "--json");
            Result verified = clouds.run("verify");
            clouds.settings.put("api.key", NEW_KEY);
            clouds.run("plan");
            Result rotated = clouds.run("rotate-key", "--yes");
            clouds.dlq("list");
            clouds.settings.put("genesys.client.id", "other");
            clouds.run("plan");
            clouds.settings.put("genesys.client.id", FakeGenesys.CLIENT_ID);
            Result destroyed = clouds.run("destroy", "--yes", "--with-archive", "--with-queue");
            // Then
            assertThat(List.of(applied, verified, rotated, destroyed))
                    .allSatisfy(
                            result -> assertThat(result.code()).as(result.err()).isZero());
            assertThat(refused.err()).contains("(hidden)");
            assertThat(String.join("", clouds.printed)).contains("Deleted.").doesNotContain(SECRETS);
            assertThat(logged.list)
                    .isNotEmpty()
                    .allSatisfy(event -> assertThat(event.getFormattedMessage()
                                    + event.getKeyValuePairs()
                                    + (event.getThrowableProxy() == null
                                            ? ""
                                            : ThrowableProxyUtil.asString(event.getThrowableProxy())))
                            .doesNotContain(SECRETS));
            assertThat(clouds.aws.calls())
                    .filteredOn(call ->
                            !List.of("CreateConnection", "UpdateConnection").contains(call.operation()))
                    .isNotEmpty()
                    .allSatisfy(call -> assertThat(call.input()).doesNotContain(SECRETS));
            assertThat(clouds.genesys.requests())
                    .isNotEmpty()
                    .allSatisfy(request -> assertThat(request.path()).doesNotContain(SECRETS));
        }
    }

    /** Every user of a machine can read the arguments of its processes. */
    @Test
    void shouldTakeNoSecretAsAnArgument() {
        // When
        Waiting waiting = new Waiting(System.err, new StopSignal());
        Stream<OptionSpec> options = Stream.of(
                        SetupCommand.commandLine(System.out, waiting), DlqCommand.commandLine(System.out, waiting))
                .flatMap(command -> command.getSubcommands().values().stream())
                .map(CommandLine::getCommandSpec)
                .flatMap(spec -> spec.options().stream());
        // Then
        assertThat(options.map(OptionSpec::longestName))
                .contains("--file", "--profile")
                .noneMatch(name -> name.matches(".*(key|secret|password|token).*"));
    }

    /** An error of AWS that repeats what was sent. */
    private static final class Refusal implements Interceptor {
        @Override
        public Verdict before(Call call) {
            return call.operation().equals("CreateConnection")
                    ? Verdict.fail(400, "ValidationException", "Value '" + Clouds.KEY + "' is refused")
                    : Verdict.PROCEED;
        }
    }
}
