package io.handover.setup;

import io.handover.fakeaws.Behaviour;
import io.handover.fakeaws.FakeAws;
import io.handover.fakegenesys.FakeGenesys;
import io.handover.setup.dlq.DlqCommand;
import io.handover.setup.plan.Waiting;
import io.handover.terminal.CommandRunner;
import io.handover.terminal.StopSignal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import picocli.CommandLine;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Fake clouds, a file that describes a set-up in them, and the commands. */
final class Clouds implements AutoCloseable {

    static final String ORGANIZATION = "32aa07aa-db1b-4987-abd0-9483601ec29d";
    static final String SUFFIX = "example-organization";
    static final String SOURCE = "aws.partner/genesys.com/cloud/" + ORGANIZATION + "/" + SUFFIX;
    static final String KEY = "first-key-8c1f2a";
    /** Nothing listens there. */
    static final String ENDPOINT = "https://127.0.0.1:1/handover/genesysCloudOM";

    private static final Map<String, String> SDK = Map.of(
            "aws.accessKeyId", FakeAws.ACCESS_KEY,
            "aws.secretAccessKey", FakeAws.SECRET_KEY);

    final FakeAws aws;
    final FakeGenesys genesys;
    final Path file;
    final Map<String, String> settings = new TreeMap<>();
    /** Everything that the commands have printed since the start. */
    final List<String> printed = new ArrayList<>();

    private final Properties before = new Properties();
    private final SdkHttpClient http = UrlConnectionHttpClient.create();

    Clouds(Path folder) {
        this(folder, "eu-central-1", Behaviour.CALM);
    }

    Clouds(Path folder, String region, Behaviour behaviour) {
        aws = FakeAws.start(0, region, behaviour);
        genesys = FakeGenesys.start(0);
        genesys.integrations().onChange((properties, active) -> {
            String name =
                    "aws.partner/genesys.com/cloud/" + ORGANIZATION + "/" + properties.getString("eventSourceSuffix");
            if (active) {
                aws.addPartnerSource(name);
            } else {
                aws.deletePartnerSource(name);
            }
        });
        file = folder.resolve("setup.properties");
        settings.put("aws.account.id", FakeAws.ACCOUNT);
        settings.put("aws.region", region);
        settings.put("genesys.organization.id", ORGANIZATION);
        settings.put("event.source.suffix", SUFFIX);
        settings.put("endpoint.url", ENDPOINT);
        settings.put("api.key", KEY);
        settings.put("genesys.region", genesys.baseUrl());
        settings.put("genesys.client.id", FakeGenesys.CLIENT_ID);
        settings.put("genesys.client.secret", FakeGenesys.CLIENT_SECRET);
        Map<String, String> properties = new TreeMap<>(SDK);
        properties.put("aws.endpointUrl", aws.endpoint().toString());
        properties.forEach((name, value) -> {
            String old = System.setProperty(name, value);
            if (old != null) {
                before.setProperty(name, old);
            }
        });
    }

    /**
     * What a command did.
     *
     * @param code the exit code
     */
    record Result(int code, String out, String err) {}

    EventBridgeClient events() {
        return client(EventBridgeClient.builder());
    }

    SqsClient sqs() {
        return client(SqsClient.builder());
    }

    String deadLettersUrl() {
        return sqs().getQueueUrl(r -> r.queueName("handover-dead-letters")).queueUrl();
    }

    /** How many messages of the dead letter queue nobody is reading. */
    long deadLetters() {
        QueueAttributeName depth = QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES;
        return Long.parseLong(
                sqs().getQueueAttributes(r -> r.queueUrl(deadLettersUrl()).attributeNames(depth))
                        .attributes()
                        .get(depth));
    }

    /** An event that the rule delivers. */
    static String event(int number) {
        return """
                {"source":"%s","detail-type":"v2.detail.events.conversation.{id}.customer.end","resources":[],\
                "detail":{"topicName":"v2.detail.events.conversation.c-%d.customer.end",\
                "eventBody":{"conversationId":"c-%d","mediaType":"MESSAGE","messageType":"OPEN"}}}""".formatted(SOURCE, number, number);
    }

    IamClient iam() {
        return client(IamClient.builder());
    }

    CloudWatchClient cloudWatch() {
        return client(CloudWatchClient.builder());
    }

    private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C client(B builder) {
        return builder.region(Region.of(Objects.requireNonNull(settings.get("aws.region"))))
                .httpClient(http)
                .build();
    }

    /** Runs a command of setup. */
    Result run(String... arguments) {
        return run(new StopSignal(), "", arguments);
    }

    /** Runs a command of dlq. */
    Result dlq(String... arguments) {
        return dlq(new StopSignal(), arguments);
    }

    Result dlq(StopSignal stop, String... arguments) {
        return run(stop, "", true, arguments);
    }

    Result run(StopSignal stop, String answer, String... arguments) {
        return run(stop, answer, false, arguments);
    }

    private Result run(StopSignal stop, String answer, boolean dlq, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        InputStream in = System.in;
        System.setIn(new ByteArrayInputStream(answer.getBytes(StandardCharsets.UTF_8)));
        try {
            write();
            int code = CommandRunner.run(
                    (output, errors, signal) -> commandLine(output, errors, stop, dlq),
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    stop,
                    withFile(arguments));
            Result result = new Result(code, text(out), text(err));
            printed.add(result.out());
            printed.add(result.err());
            return result;
        } finally {
            System.setIn(in);
        }
    }

    /** Starts a command of setup in a process of its own. The credentials of AWS are in its environment. */
    Process process(Path log, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                SetupProcess.class.getName()));
        command.addAll(List.of(withFile(arguments)));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment()
                .putAll(Map.of(
                        "AWS_ACCESS_KEY_ID", FakeAws.ACCESS_KEY,
                        "AWS_SECRET_ACCESS_KEY", FakeAws.SECRET_KEY,
                        "AWS_ENDPOINT_URL", aws.endpoint().toString()));
        write();
        return builder.start();
    }

    private static CommandLine commandLine(PrintStream out, PrintStream err, StopSignal stop, boolean dlq) {
        Waiting waiting = new Waiting(err, stop, Duration.ofMillis(10), Duration.ofSeconds(20));
        return dlq ? DlqCommand.commandLine(out, waiting) : SetupCommand.commandLine(out, waiting);
    }

    private String[] withFile(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--file");
        all.add(file.toString());
        return all.toArray(String[]::new);
    }

    void write() {
        StringBuilder text = new StringBuilder();
        settings.forEach(
                (key, value) -> text.append(key).append('=').append(value).append('\n'));
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        http.close();
        aws.close();
        genesys.close();
        SDK.keySet().forEach(System::clearProperty);
        System.clearProperty("aws.endpointUrl");
        before.stringPropertyNames().forEach(name -> System.setProperty(name, before.getProperty(name)));
    }
}
