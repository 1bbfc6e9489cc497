package io.handover.example.bot;

import java.net.URI;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
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
                      BOT_URL                   receives one POST per command            (required)
                      BOT_AUTHORIZATION         value of the header Authorization
                      BOT_INSTANCE              a name that this instance keeps, such as bot-0
                      COMMANDS_TOPIC            handover-commands
                      DEAD_LETTERS_TOPIC        bot-dead-letters

                    Example:
                      KAFKA_BOOTSTRAP_SERVERS=localhost:9092 BOT_URL=http://localhost:9000/commands \\
                        java -cp 'lib/*' io.handover.example.bot.BotConsumerMain""");
            System.exit(WRONG_USAGE);
        } else {
            run(servers, new Bot(URI.create(url), environment.get("BOT_AUTHORIZATION")), environment);
        }
    }

    private static void run(String servers, Bot bot, Map<String, String> environment) {
        CountDownLatch ended = new CountDownLatch(1);
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                        consumerProperties(servers, environment.get("BOT_INSTANCE")),
                        new StringDeserializer(),
                        new ByteArrayDeserializer());
                KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                        Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, servers),
                        new StringSerializer(),
                        new ByteArraySerializer())) {
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

    /**
     * The settings of the consumer.
     *
     * @param instance a static member of the group keeps its partitions while it restarts, also after {@code kill -9};
     *     null for a dynamic member, whose partitions wait for the session timeout then
     */
    static Properties consumerProperties(String servers, @Nullable String instance) {
        Properties properties = new Properties();
        properties.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, servers);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, "bot");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "50");
        if (instance != null) {
            properties.put(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, instance);
        }
        return properties;
    }
}
