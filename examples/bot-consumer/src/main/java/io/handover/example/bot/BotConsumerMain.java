package io.handover.example.bot;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Starts the consumer as a process. Its settings are environment variables. */
public final class BotConsumerMain {

    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    private BotConsumerMain() {}

    /** Runs until SIGTERM. */
    public static void main(String[] arguments) {
        Map<String, String> environment = System.getenv();
        String servers = environment.get("KAFKA_BOOTSTRAP_SERVERS");
        String url = environment.get("BOT_URL");
        if (servers == null || url == null || arguments.length > 0) {
            System.err.println("""
                    bot-consumer: hands the commands of handover-commands over to the HTTP API of a bot.

                    Environment:
                      KAFKA_BOOTSTRAP_SERVERS   brokers, host:port                       (required)
                      BOT_URL                   receives one POST per command; - prints  (required)
                      KAFKA_CONFIG              a file with properties of Kafka's clients, for TLS and SASL
                      BOT_AUTHORIZATION         value of the header Authorization
                      BOT_INSTANCE              a name that this instance keeps, such as bot-0
                      COMMANDS_TOPIC            handover-commands
                      DEAD_LETTERS_TOPIC        bot-dead-letters

                    Example:
                      KAFKA_BOOTSTRAP_SERVERS=localhost:9092 BOT_URL=http://localhost:9000/commands \\
                        java -cp 'lib/*' io.handover.example.bot.BotConsumerMain""");
            System.exit(WRONG_USAGE);
        } else {
            Bot bot = url.equals("-")
                    ? BotConsumerMain::print
                    : new HttpBot(URI.create(url), environment.get("BOT_AUTHORIZATION"));
            run(client(servers, environment.get("KAFKA_CONFIG")), bot, environment);
        }
    }

    private static Bot.Answer print(String id, String type, byte[] command) {
        System.out.println(new String(command, StandardCharsets.UTF_8));
        return Bot.Answer.ACCEPTED;
    }

    /** The properties of both clients. Wrong ones end the process with one sentence. */
    private static Properties client(String servers, @Nullable String file) {
        Properties client = new Properties();
        if (file != null) {
            try (Reader properties = Files.newBufferedReader(Path.of(file))) {
                client.load(properties);
            } catch (IOException e) {
                System.err.println("bot-consumer: KAFKA_CONFIG cannot be read: " + e);
                System.exit(WRONG_USAGE);
            }
        }
        client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers);
        return client;
    }

    private static void run(Properties client, Bot bot, Map<String, String> environment) {
        CountDownLatch ended = new CountDownLatch(1);
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                        BotConsumer.consumerProperties(client, environment.get("BOT_INSTANCE")),
                        new StringDeserializer(),
                        new ByteArrayDeserializer());
                KafkaProducer<String, byte[]> producer =
                        new KafkaProducer<>(client, new StringSerializer(), new ByteArraySerializer())) {
            BotConsumer botConsumer = new BotConsumer(
                    consumer, producer, environment.getOrDefault("DEAD_LETTERS_TOPIC", "bot-dead-letters"), bot);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                botConsumer.stop();
                await(ended);
            }));
            botConsumer.run(environment.getOrDefault("COMMANDS_TOPIC", "handover-commands"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            System.err.println("bot-consumer: " + e.getMessage());
            // exit() would wait for the hook, and the hook for this thread.
            Runtime.getRuntime().halt(FAILED);
        } finally {
            ended.countDown();
        }
    }

    private static void await(CountDownLatch ended) {
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
