package io.handover.setup.dlq;

import io.handover.schema.Topics;
import io.handover.setup.aws.AwsAccount;
import io.handover.setup.aws.AwsSetup;
import io.handover.setup.plan.Waiting;
import io.handover.setup.settings.SetupOptions;
import io.handover.terminal.ClientProperties;
import io.handover.terminal.CommandException;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options of all commands for dead letters: where the letters are, and which of them. */
final class DlqOptions {

    private static final String GROUP = "handover-dlq";

    @Mixin
    SetupOptions setup = new SetupOptions();

    @Option(
            names = "--from",
            paramLabel = "queue|topic",
            converter = PlaceConverter.class,
            defaultValue = "queue",
            description = "queue: the dead letter queue of EventBridge's rule (default). topic: the records that the"
                    + " processes could not read.")
    Place from = Place.QUEUE;

    @Option(
            names = "--cause",
            paramLabel = "TEXT",
            description = "Only letters whose cause contains this text; list shows the causes.")
    @Nullable
    String cause;

    @Option(
            names = "--bootstrap-server",
            paramLabel = "HOST:PORT",
            description = "With --from topic: the address of Kafka; several are separated by commas.")
    @Nullable
    String bootstrapServer;

    @Option(
            names = "--command-config",
            paramLabel = "FILE",
            description = "With --from topic: a properties file with further settings of the Kafka clients.")
    @Nullable
    Path commandConfig;

    @Option(
            names = "--topic",
            paramLabel = "NAME",
            defaultValue = Topics.DEAD_LETTERS,
            description = "With --from topic: the setting topic.dead.letters (${DEFAULT-VALUE}).")
    String topic = Topics.DEAD_LETTERS;

    @Option(
            names = "--again",
            description = "With --from topic: begin with the oldest record, although it was dealt with.")
    boolean again;

    /** Where dead letters wait. */
    enum Place {
        QUEUE,
        TOPIC
    }

    /** Parses {@code queue} or {@code topic}. */
    static final class PlaceConverter implements ITypeConverter<Place> {
        @Override
        public Place convert(String text) {
            return switch (text.toLowerCase(Locale.ROOT)) {
                case "queue" -> Place.QUEUE;
                case "topic" -> Place.TOPIC;
                default -> throw new TypeConversionException("'" + text + "' is neither queue nor topic");
            };
        }
    }

    /** Opens the place of the letters, to remove some of them. */
    DeadLetters openToRemove(Waiting waiting) {
        if (from == Place.TOPIC && cause != null) {
            // An offset says that everything before it is dealt with.
            throw new CommandException("Letters of a topic can only be dealt with in their order. Leave out --cause.");
        }
        return open(waiting);
    }

    /** Opens the place of the letters. */
    DeadLetters open(Waiting waiting) {
        return from == Place.TOPIC ? openTopic() : openQueue(waiting);
    }

    private DeadLetters openTopic() {
        if (bootstrapServer == null) {
            throw new CommandException("--from topic needs --bootstrap-server.");
        }
        TopicLetters letters = new TopicLetters(ClientProperties.of(bootstrapServer, commandConfig), topic, GROUP);
        if (again) {
            letters.again();
        }
        return letters;
    }

    private DeadLetters openQueue(Waiting waiting) {
        AwsAccount account = new AwsAccount(setup.settings(), setup.profile);
        AwsSetup aws = new AwsSetup(account, waiting);
        String url = aws.queue().url().orElse(null);
        if (url == null) {
            account.close();
            throw new CommandException("There is no " + aws.queue().label() + ". See ./handover setup plan.");
        }
        return new QueueLetters(aws.messages(url), account);
    }

    /** Whether a letter is one of those that are wanted. */
    boolean wants(DeadLetter letter) {
        return cause == null || letter.cause().contains(cause);
    }
}
