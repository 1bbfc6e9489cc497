package io.handover.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a release has beside the programs: bill of materials, notices, licences and checksums. */
@Tag("not-if-offline-is-true")
class ReleaseFilesIT {

    private static final Path ARCHIVE = Path.of(System.getProperty("distribution"));
    private static final String FOLDER = ARCHIVE.getFileName() + "/";
    private static final String BILL = ARCHIVE.getFileName() + ".cdx.json";
    private static final String OWN = "io.handover";

    /** Their text is LICENSE, or need not be shown. */
    private static final List<String> WITHOUT_A_TEXT = List.of("Apache-2.0", "MIT-0");

    private ZipFile zip;
    private List<JsonNode> components;

    @BeforeEach
    void open() throws IOException {
        zip = new ZipFile(ARCHIVE + ".zip");
        components = list(new ObjectMapper().readTree(entry(BILL)).get("components"));
    }

    @AfterEach
    void close() throws IOException {
        zip.close();
    }

    @Test
    void shouldListEveryJarInTheBillOfMaterials() {
        // When
        List<String> listed = components.stream()
                .map(component -> text(component, "name") + '-' + text(component, "version") + ".jar")
                .toList();

        // Then
        List<String> jars = zip.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.endsWith(".jar"))
                .map(name -> name.substring(name.lastIndexOf('/') + 1))
                // the process jars have no version, and the command is what the bill is about
                .map(name -> name.replaceFirst(
                        "^(handover-(ingress-bridge|streams-app))\\.jar$", "$1-" + version() + ".jar"))
                .filter(name -> !name.startsWith("handover-cli"))
                .toList();
        assertThat(listed).hasSizeGreaterThan(100).containsExactlyInAnyOrderElementsOf(jars);
    }

    @Test
    void shouldHaveNothingThatChangesWithEachBuildInTheBillOfMaterials() throws IOException {
        // When
        JsonNode bill = new ObjectMapper().readTree(entry(BILL));

        // Then
        assertThat(bill.has("serialNumber")).isFalse();
        assertThat(bill.get("metadata").has("timestamp")).isFalse();
        assertThat(Files.readAllBytes(Path.of(ARCHIVE + ".cdx.json"))).isEqualTo(entry(BILL));
    }

    @Test
    void shouldNameEveryLibraryWithItsLicencesInTheNotice() throws IOException {
        // Given
        Map<String, TreeSet<String>> byLicence = new TreeMap<>();
        for (JsonNode component : components) {
            if (!text(component, "group").equals(OWN)) {
                byLicence
                        .computeIfAbsent(String.join(" or ", licences(component)), licence -> new TreeSet<>())
                        .add(text(component, "group") + ':' + text(component, "name"));
            }
        }
        StringBuilder expected = new StringBuilder();
        byLicence.forEach((licence, libraries) -> {
            expected.append('\n').append(licence).append('\n');
            libraries.forEach(library -> expected.append("  ").append(library).append('\n'));
        });

        // When
        String notice = new String(entry("NOTICE"), StandardCharsets.UTF_8);

        // Then
        assertThat(notice.substring(
                        notice.indexOf("\n" + byLicence.keySet().iterator().next() + "\n")))
                .as("Paste what is expected to the end of NOTICE")
                .isEqualTo(expected.toString());
    }

    @Test
    void shouldContainTheTextOfEveryLicence() throws IOException {
        // Given
        List<String> texts = zip.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.startsWith(FOLDER + "licenses/") && name.endsWith(".txt"))
                .map(name -> name.substring(name.lastIndexOf('/') + 1, name.length() - ".txt".length()))
                .toList();

        // When
        List<String> without = new ArrayList<>();
        for (JsonNode component : components) {
            String name = text(component, "name");
            if (text(component, "group").equals(OWN)) {
                continue;
            }
            boolean hasText = texts.stream().anyMatch(name::startsWith)
                    || licences(component).stream().anyMatch(WITHOUT_A_TEXT::contains)
                    || hasLicence(entry("lib/" + name + '-' + text(component, "version") + ".jar"));
            if (!hasText) {
                without.add(name);
            }
        }

        // Then
        assertThat(without)
                .as("Add the licence of each as tools/cli/src/main/distribution/licenses/NAME.txt")
                .isEmpty();
    }

    @Test
    void shouldHaveTheChecksumsOfTheFilesOfTheRelease() throws Exception {
        // Given
        Map<String, String> expected = new TreeMap<>();
        for (String ending : List.of(".tar.gz", ".zip", ".cdx.json")) {
            Path file = Path.of(ARCHIVE + ending);
            expected.put(file.getFileName().toString(), sha256(file));
        }

        // When
        Map<String, String> listed = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of(ARCHIVE + ".sha256"))) {
            listed.put(line.substring(line.indexOf(' ') + 2), line.substring(0, line.indexOf(' ')));
        }

        // Then
        assertThat(listed).isEqualTo(expected);
    }

    private static String version() {
        return ARCHIVE.getFileName().toString().substring("handover-".length());
    }

    private static List<String> licences(JsonNode component) {
        return list(component.path("licenses")).stream()
                .map(choice -> choice.get("license"))
                .map(licence -> licence.has("id") ? text(licence, "id") : text(licence, "name"))
                .sorted()
                .toList();
    }

    private static List<JsonNode> list(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false).toList();
    }

    private static String text(JsonNode node, String name) {
        return node.get(name).asText();
    }

    private static boolean hasLicence(byte[] jar) throws IOException {
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(jar))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                String file = entry.getName().substring(entry.getName().lastIndexOf('/') + 1);
                if (file.toUpperCase(Locale.ROOT).matches("(LICENSE|COPYING)(\\.TXT|\\.MD)?")) {
                    return true;
                }
            }
        }
        return false;
    }

    private byte[] entry(String name) throws IOException {
        ZipEntry entry = zip.getEntry(FOLDER + name);
        assertThat(entry).as(name).isNotNull();
        try (InputStream in = zip.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    private static String sha256(Path file) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
