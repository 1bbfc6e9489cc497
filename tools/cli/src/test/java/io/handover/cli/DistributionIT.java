package io.handover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The distribution, unpacked and started on a path without Maven. */
class DistributionIT {

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final String ARCHIVE = System.getProperty("distribution");
    private static final String JAVA_HOME = System.getProperty("java.home");
    private static final int OLDEST_JAVA = 17;
    private static final int FIRST_JAVA_WITH_PROFILES = 25;

    /** What Java logs of a class of Handover that a class archive has. */
    private static final String CLASS_OF_AN_ARCHIVE = " io\\.handover\\.\\S+ source: shared objects file";

    private static final String ARCHIVE_OF_APP = " AOTCache += \\S+/streams-app-\\S+\\.aot ";
    private static final List<String> PROGRAMS_OF_THE_SCRIPT =
            List.of("bash", "dirname", "readlink", "mv", "rm", "stat");

    @TempDir
    static Path shared;

    private static Path home;
    private static Path path;

    @TempDir
    Path folder;

    @BeforeAll
    static void unpack() throws Exception {
        Process tar = new ProcessBuilder("tar", "-xzf", ARCHIVE + ".tar.gz", "-C", shared.toString())
                .inheritIO()
                .start();
        assertThat(tar.waitFor()).isZero();
        home = shared.resolve(Path.of(ARCHIVE).getFileName());
        path = Files.createDirectory(shared.resolve("path"));
        for (String program : PROGRAMS_OF_THE_SCRIPT) {
            Files.createSymbolicLink(path.resolve(program), installed(program));
        }
    }

    @Test
    void shouldRunTheQuickstart() throws Exception {
        // Given
        List<String> command = new ArrayList<>(List.of("bin/handover", "quickstart", "--exit"));
        for (String port : List.of("http", "kafka", "bridge-management", "streams-management")) {
            command.addAll(List.of("--" + port + "-port", "0"));
        }
        command.addAll(List.of("--transfer-timeout", "2s", "--out-of-order-grace", "500ms"));

        // When
        Run run = runToItsEnd(command.toArray(String[]::new));

        // Then
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().lines())
                .hasSize(8)
                .allMatch(line -> line.startsWith("{\"type\":\"agent-updated\"")
                        || line.startsWith("{\"type\":\"handover-ended\""));
        assertThat(run.err()).doesNotContain("WARN", "ERROR");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bin/handover", "bin/handover bridge", "bin/handover streams-app"})
    void shouldPrintTheVersion(String command) throws Exception {
        // When
        Run run = runToItsEnd((command + " --version").split(" "));

        // Then
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .matches("handover(-\\S+)? \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?"
                        + ", revision ([0-9a-f]{7,}|unknown), Kafka \\d+\\.\\d+\\.\\d+\\R");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bin/handover torture", "bin/handover bridge"})
    void shouldNameTheCommandAsItWasTyped(String command) throws Exception {
        // When
        Run run = runToItsEnd((command + " --help").split(" "));

        // Then
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains(command + " ").doesNotContain("./handover", "java -jar");
    }

    @ParameterizedTest
    @CsvSource({"bridge, 15000", "streams-app, 150000"})
    void shouldCompileStreamsAppLateAndTheBridgeAsByDefault(String process, int threshold) throws Exception {
        // Given
        ProcessBuilder builder = builder("bin/handover", process, "--version");
        builder.environment().put("JAVA_OPTS", "-XX:+PrintFlagsFinal");

        // When
        Run run = runToItsEnd(builder);

        // Then
        assertThat(run.out()).containsPattern(" Tier4CompileThreshold += +" + threshold + " ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"handover-ingress-bridge.jar", "handover-streams-app.jar"})
    void shouldStartTheJarOfAProcess(String jar) throws Exception {
        // When
        Run run = runToItsEnd(JAVA_HOME + "/bin/java", "-jar", jar, "--help");

        // Then
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("java -jar " + jar + " --settings");
    }

    @ParameterizedTest
    @MethodSource("javaRuntimes")
    void shouldStartWithAClassArchiveThatFitsAndWithoutOneThatDoesNot(Path javaHome) throws Exception {
        // Given
        int archives = feature(javaHome) < FIRST_JAVA_WITH_PROFILES ? 1 : 2;
        Path jar = home.resolve("handover-streams-app.jar");
        FileTime time = Files.getLastModifiedTime(jar);
        try {
            Run written = runToItsEnd(builder(javaHome, "bin/handover", "archive"));
            assertThat(written.code()).as(written.err()).isZero();
            assertThat(written.out()).isEmpty();
            assertThat(written.err().lines().filter(line -> line.startsWith("handover: wrote ")))
                    .hasSize(archives);
            for (String command : List.of("bridge", "streams-app", "doctor")) {
                // When
                Run run = runToItsEnd(loggingClasses(javaHome, command));

                // Then
                assertThat(run.code()).as(run.err()).isZero();
                assertThat(run.out()).containsPattern(CLASS_OF_AN_ARCHIVE);
                if (command.equals("streams-app") && archives > 1) {
                    assertThat(run.out()).containsPattern(ARCHIVE_OF_APP);
                }
            }

            // When
            Files.setLastModifiedTime(jar, FileTime.fromMillis(time.toMillis() + 10_000));
            Run logging = runToItsEnd(loggingClasses(javaHome, "streams-app"));
            Run run = runToItsEnd(builder(javaHome, "bin/handover", "streams-app", "--version"));

            // Then
            assertThat(logging.code()).as(logging.err()).isZero();
            assertThat(logging.out()).doesNotContainPattern(CLASS_OF_AN_ARCHIVE);
            assertThat(run.code()).as(run.err()).isZero();
            assertThat(run.out()).matches("handover-streams-app .*\\R");
            assertThat(run.err()).isEmpty();
        } finally {
            Files.setLastModifiedTime(jar, time);
            try (DirectoryStream<Path> files = Files.newDirectoryStream(home.resolve("lib"), "*.{jsa,aot,jars}")) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
        }
    }

    /** A start that prints from where Java has each class, and its options. */
    private ProcessBuilder loggingClasses(Path javaHome, String command) {
        ProcessBuilder builder = builder(javaHome, "bin/handover", command, "--help");
        builder.environment().put("JAVA_OPTS", "-Xlog:class+load -XX:+PrintFlagsFinal");
        return builder;
    }

    /** The Java runtime of this test, and those that are installed beside it and can run Handover. */
    static List<Path> javaRuntimes() throws IOException {
        Set<Path> runtimes = new TreeSet<>();
        try (DirectoryStream<Path> siblings =
                Files.newDirectoryStream(Path.of(JAVA_HOME).toRealPath().getParent())) {
            for (Path sibling : siblings) {
                if (Files.exists(sibling.resolve("release")) && feature(sibling) >= OLDEST_JAVA) {
                    runtimes.add(sibling.toRealPath());
                }
            }
        }
        assertThat(runtimes).contains(Path.of(JAVA_HOME).toRealPath());
        return List.copyOf(runtimes);
    }

    /** The first number of the version of a Java runtime. */
    private static int feature(Path javaHome) throws IOException {
        Properties release = new Properties();
        try (Reader reader = Files.newBufferedReader(javaHome.resolve("release"))) {
            release.load(reader);
        }
        // For example "17.0.15" in quotes; Java 8 calls itself 1.8.
        return Integer.parseInt(release.getProperty("JAVA_VERSION").replaceFirst("^\"(\\d+).*", "$1"));
    }

    @Test
    void shouldFindPlugInsInExtAndStopInOrder() throws Exception {
        // Given
        Path plugIn = home.resolve("ext/plug-in.jar");
        writeJar(plugIn, PlugIn.class);
        ProcessBuilder builder = builder("bin/handover", "streams-app");
        builder.environment().put("HANDOVER_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1");
        builder.environment().put("HANDOVER_KAFKA_ROCKSDB_CONFIG_SETTER", PlugIn.class.getName());
        builder.environment().put("HANDOVER_MANAGEMENT_PORT", "0");
        builder.environment().put("HANDOVER_STATE_DIR", folder.resolve("state").toString());

        // When
        Process process = builder.start();

        // Then
        try {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(read("err")).contains(PlugIn.MARK));
            process.destroy();
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(read("err")).isEqualTo(143);
        } finally {
            process.destroyForcibly();
            Files.delete(plugIn);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"handover-ingress-bridge.jar", "handover-streams-app.jar"})
    void shouldContainWhatTheManifestOfAProcessNames(String jar) throws IOException {
        // When
        String classPath;
        try (JarFile file = new JarFile(home.resolve(jar).toFile())) {
            classPath = file.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
        }

        // Then
        assertThat(classPath.split(" "))
                .hasSizeGreaterThan(10)
                .allSatisfy(entry -> assertThat(home.resolve(entry)).isRegularFile());
    }

    @Test
    void shouldContainNoJarTwice() throws IOException {
        // When
        List<Path> jars;
        try (Stream<Path> files = Files.walk(home)) {
            jars = files.filter(file -> file.toString().endsWith(".jar")).toList();
        }

        // Then
        assertThat(jars)
                .extracting(jar -> jar.getFileName().toString().replaceFirst("(-\\d[^-]*)?(-SNAPSHOT)?\\.jar$", ""))
                .doesNotHaveDuplicates();
    }

    @Test
    void shouldContainTheSameFilesInTheZip() throws IOException {
        // Given
        List<String> unpacked;
        try (Stream<Path> files = Files.walk(home)) {
            unpacked = files.filter(Files::isRegularFile)
                    .map(file -> shared.relativize(file).toString())
                    .toList();
        }

        // When
        List<String> zipped;
        try (ZipFile zip = new ZipFile(ARCHIVE + ".zip")) {
            zipped = zip.stream()
                    .filter(entry -> !entry.isDirectory())
                    .map(ZipEntry::getName)
                    .toList();
        }

        // Then
        assertThat(zipped).containsExactlyInAnyOrderElementsOf(unpacked);
    }

    /** The result of a process. */
    private record Run(int code, String out, String err) {}

    private Run runToItsEnd(String... command) throws Exception {
        return runToItsEnd(builder(command));
    }

    private Run runToItsEnd(ProcessBuilder builder) throws Exception {
        Process process = builder.start();
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            return new Run(process.exitValue(), read("out"), read("err"));
        } finally {
            process.destroyForcibly();
        }
    }

    private ProcessBuilder builder(String... command) {
        return builder(Path.of(JAVA_HOME), command);
    }

    private ProcessBuilder builder(Path javaHome, String... command) {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(home.toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        builder.environment().clear();
        builder.environment().put("PATH", path.toString());
        builder.environment().put("JAVA_HOME", javaHome.toString());
        return builder;
    }

    private String read(String stream) throws IOException {
        return Files.readString(folder.resolve(stream));
    }

    private static Path installed(String program) {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    private static void writeJar(Path jar, Class<?> type) throws IOException {
        String name = type.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                InputStream in = type.getResourceAsStream("/" + name)) {
            out.putNextEntry(new JarEntry(name));
            in.transferTo(out);
        }
    }

    /** A plug-in that shows that Kafka loaded it. */
    public static final class PlugIn {

        static final String MARK = "Plug-in loaded";

        static {
            System.err.println(MARK);
        }
    }
}
