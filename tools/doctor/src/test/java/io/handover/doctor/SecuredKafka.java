package io.handover.doctor;

import io.handover.embeddedkafka.EmbeddedKafka;
import io.handover.embeddedkafka.FreePorts;
import io.handover.embeddedkafka.KafkaNode;
import io.handover.embeddedkafka.KafkaNode.Listener;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclBinding;
import org.awaitility.Awaitility;

/** A broker that permits nothing without an ACL, with a listener for SASL_SSL. Its plain listener is for the test alone. */
final class SecuredKafka implements AutoCloseable {

    private static final String LISTENER = "SECURED";
    private static final String PASSWORD = "password-of-a-test";

    private final EmbeddedKafka kafka;
    private final Admin admin;
    private final int port;
    private final Path trusted;

    private SecuredKafka(EmbeddedKafka kafka, int port, Path trusted) {
        this.kafka = kafka;
        this.port = port;
        this.trusted = trusted;
        this.admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    /** Starts a broker that has these users. */
    static SecuredKafka start(Path folder, Collection<String> users) throws Exception {
        Path keys = folder.resolve("keys.p12");
        Path trusted = folder.resolve("trusted.p12");
        makeKey(keys);
        writeTrusted(keys, trusted);
        int plain = FreePorts.free();
        int secured = FreePorts.free();
        Map<String, String> settings = new HashMap<>(Map.of(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT," + LISTENER + ":SASL_SSL",
                "sasl.enabled.mechanisms",
                "PLAIN",
                "listener.name.secured.plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required "
                        + users.stream()
                                .map(user -> "user_" + user + "=\"" + PASSWORD + "\"")
                                .collect(Collectors.joining(" "))
                        + ";",
                "ssl.keystore.location",
                keys.toString(),
                "ssl.keystore.password",
                PASSWORD,
                "authorizer.class.name",
                "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                "super.users",
                "User:ANONYMOUS"));
        KafkaNode node = new KafkaNode(
                Uuid.randomUuid().toString(),
                1,
                folder.resolve("kafka"),
                List.of(new Listener("PLAINTEXT", plain, plain), new Listener(LISTENER, secured, secured)),
                Map.of(1, FreePorts.free()),
                1,
                settings);
        return new SecuredKafka(EmbeddedKafka.start(node), secured, trusted);
    }

    private static void makeKey(Path file) throws IOException, InterruptedException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "broker",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=ip:127.0.0.1",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .start();
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (keytool.waitFor() != 0) {
            throw new IllegalStateException("Expected a key, but keytool said: " + output);
        }
    }

    private static void writeTrusted(Path keys, Path trusted) throws GeneralSecurityException, IOException {
        KeyStore from = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            from.load(in, PASSWORD.toCharArray());
        }
        KeyStore to = KeyStore.getInstance("PKCS12");
        to.load(null, null);
        to.setCertificateEntry("broker", from.getCertificate("broker"));
        try (OutputStream out = Files.newOutputStream(trusted)) {
            to.store(out, PASSWORD.toCharArray());
        }
    }

    /** Grants a right, and returns when the broker has applied it. */
    void grant(AclBinding right) throws Exception {
        admin.createAcls(List.of(right)).all().get();
        Awaitility.await().until(() -> !granted(right).isEmpty());
    }

    /** Takes a right away, and returns when the broker has applied it. */
    void takeAway(AclBinding right) throws Exception {
        admin.deleteAcls(List.of(right.toFilter())).all().get();
        Awaitility.await().until(() -> granted(right).isEmpty());
    }

    private Collection<AclBinding> granted(AclBinding right) throws Exception {
        return admin.describeAcls(right.toFilter()).values().get();
    }

    /** Deletes these topics, and returns when they are gone. */
    void delete(Collection<String> topics) throws Exception {
        admin.deleteTopics(topics).all().get();
        Awaitility.await()
                .until(() -> Collections.disjoint(admin.listTopics().names().get(), topics));
    }

    /** The settings with which a client of this user connects. */
    Map<String, String> client(String user) {
        return Map.of(
                "bootstrap.servers",
                FreePorts.HOST + ":" + port,
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                "PLAIN",
                "sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + user + "\" password=\""
                        + PASSWORD + "\";",
                "ssl.truststore.location",
                trusted.toString(),
                "ssl.truststore.password",
                PASSWORD);
    }

    /** The address of the listener on which every client may do everything. */
    String plainBootstrapServers() {
        return kafka.bootstrapServers();
    }

    /** An admin client that may do everything. */
    Admin admin() {
        return admin;
    }

    @Override
    public void close() {
        admin.close();
        kafka.close();
    }
}
