package io.handover.streams;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a release read and wrote in one partition: some events, a restart, and the other events. It is a folder of
 * {@link RecordLine}s, which stays as it is when the release is out.
 *
 * @param eventsBefore the events before the restart
 * @param before what was written for them; its changelogs are the state at the restart
 * @param eventsAfter the events after the restart
 * @param after what was written for them, without changelogs
 */
record ReleaseFixture(List<String> eventsBefore, ReleaseRun before, List<String> eventsAfter, ReleaseRun after) {

    /** The folder with a folder per release, seen from the module. */
    static final Path RELEASES = Path.of("src/test/resources/releases");

    private static final String EVENTS = "events.txt";
    private static final String COMMANDS = "commands.txt";
    private static final String LOOKUPS = "agent-lookups.txt";

    /** The folders of all releases. */
    static List<Path> all() throws IOException {
        try (Stream<Path> folders = Files.list(RELEASES)) {
            return folders.sorted().toList();
        }
    }

    static ReleaseFixture read(Path folder) throws IOException {
        Path before = folder.resolve("before-restart");
        Path after = folder.resolve("after-restart");
        Map<String, List<String>> changelogs = new TreeMap<>();
        try (Stream<Path> stores = Files.list(folder.resolve("changelogs"))) {
            for (Path store : stores.toList()) {
                changelogs.put(store.getFileName().toString().replace(".txt", ""), Files.readAllLines(store));
            }
        }
        return new ReleaseFixture(
                Files.readAllLines(before.resolve(EVENTS)),
                new ReleaseRun(
                        Files.readAllLines(before.resolve(COMMANDS)),
                        Files.readAllLines(before.resolve(LOOKUPS)),
                        changelogs),
                Files.readAllLines(after.resolve(EVENTS)),
                new ReleaseRun(
                        Files.readAllLines(after.resolve(COMMANDS)),
                        Files.readAllLines(after.resolve(LOOKUPS)),
                        Map.of()));
    }

    /** Writes the folder; it replaces the files that are there. */
    void write(Path folder) throws IOException {
        Map<String, List<String>> files = new LinkedHashMap<>();
        files.put("before-restart/" + EVENTS, eventsBefore);
        files.put("before-restart/" + COMMANDS, before.commands());
        files.put("before-restart/" + LOOKUPS, before.lookups());
        before.changelogs().forEach((store, lines) -> files.put("changelogs/" + store + ".txt", lines));
        files.put("after-restart/" + EVENTS, eventsAfter);
        files.put("after-restart/" + COMMANDS, after.commands());
        files.put("after-restart/" + LOOKUPS, after.lookups());
        for (Map.Entry<String, List<String>> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, String.join("\n", file.getValue()) + "\n");
        }
    }
}
