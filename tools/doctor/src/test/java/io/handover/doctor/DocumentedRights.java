package io.handover.doctor;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.SecurityUtils;

/** The commands and tables of docs/rights.md. */
final class DocumentedRights {

    private static final Pattern OPTION = Pattern.compile("--([a-z-]+) ([^- ]\\S*)");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([A-Za-z]+)` on `([^`]+)` \\| `([^`]+)` \\|.*$");

    private static final Pattern HEADING = Pattern.compile("(?m)^##+ ");
    private static final Pattern SECTION = Pattern.compile("<!-- rights (\\S+) -->");
    private static final Pattern USER = Pattern.compile("--allow-principal User:(\\S+)");

    private final String page;

    DocumentedRights(Path file) throws IOException {
        page = Files.readString(file);
    }

    /** The names of all sections with rights. */
    List<String> sections() {
        return SECTION.matcher(page).results().map(mark -> mark.group(1)).toList();
    }

    /** The users of all commands. */
    Set<String> users() {
        Set<String> users = new TreeSet<>();
        Matcher user = USER.matcher(page);
        while (user.find()) {
            users.add(user.group(1));
        }
        return users;
    }

    /** The rights that the commands of a section grant, one per operation. */
    List<AclBinding> of(String section) {
        List<AclBinding> rights = new ArrayList<>();
        section(section)
                .lines()
                .filter(line -> line.startsWith("kafka-acls.sh "))
                .forEach(command -> {
                    Map<String, List<String>> options = new TreeMap<>();
                    Matcher option = OPTION.matcher(command);
                    while (option.find()) {
                        options.computeIfAbsent(option.group(1), name -> new ArrayList<>())
                                .add(option.group(2));
                    }
                    for (String operation : options.getOrDefault("operation", List.of())) {
                        rights.add(new AclBinding(
                                resource(options),
                                new AccessControlEntry(
                                        options.getOrDefault("allow-principal", List.of())
                                                .get(0),
                                        "*",
                                        SecurityUtils.operation(operation),
                                        AclPermissionType.ALLOW)));
                    }
                });
        return rights;
    }

    /**
     * Compares what was reported without each right with the table of a section.
     *
     * @param reports the reports, by {@link #name} of the right
     */
    void assertDocumented(String section, Map<String, String> reports) {
        Map<String, String> documented = without(section);
        assertThat(documented).containsOnlyKeys(reports.keySet());
        // An ellipsis is a part of a name that differs from run to run.
        documented.forEach((right, words) -> assertThat(reports.get(right))
                .as("without " + right)
                .containsPattern(
                        Stream.of(words.split("…", -1)).map(Pattern::quote).collect(joining("\\S*"))));
    }

    /** What happens without a right, by {@link #name}: the words that the process then reports. */
    private Map<String, String> without(String section) {
        Map<String, String> messages = new TreeMap<>();
        Matcher row = ROW.matcher(section(section));
        while (row.find()) {
            messages.put(row.group(1) + " on " + row.group(2), row.group(3));
        }
        return messages;
    }

    /** The name of a right in the tables. */
    static String name(AclBinding right) {
        return SecurityUtils.operationName(right.entry().operation()) + " on "
                + right.pattern().name();
    }

    private String section(String name) {
        String mark = "<!-- rights " + name + " -->";
        int begin = page.indexOf(mark);
        if (begin < 0) {
            throw new IllegalArgumentException("Expected the section " + name + ", but there is none");
        }
        Matcher heading = HEADING.matcher(page);
        return heading.find(begin) ? page.substring(begin, heading.start()) : page.substring(begin);
    }

    private static ResourcePattern resource(Map<String, List<String>> options) {
        PatternType pattern = options.containsKey("resource-pattern-type") ? PatternType.PREFIXED : PatternType.LITERAL;
        if (options.containsKey("topic")) {
            return new ResourcePattern(ResourceType.TOPIC, options.get("topic").get(0), pattern);
        }
        return options.containsKey("group")
                ? new ResourcePattern(ResourceType.GROUP, options.get("group").get(0), pattern)
                : new ResourcePattern(
                        ResourceType.TRANSACTIONAL_ID,
                        options.getOrDefault("transactional-id", List.of()).get(0),
                        pattern);
    }
}
