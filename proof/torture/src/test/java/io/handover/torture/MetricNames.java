package io.handover.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The names of the metrics that the processes export, and of those that rules, dashboard and documents use. */
final class MetricNames {

    private static final Path DOCS = Path.of("..", "..", "docs");

    private static final Pattern EXPORTED = Pattern.compile("(?m)^(?:# TYPE )?([a-z]\\w*)");

    /** Not the beginning of names, such as {@code jvm_gc_*}. A recorded name has a colon, so it does not match. */
    private static final Pattern USED =
            Pattern.compile("(?<![\\w:])((?:handover|kafka|jvm|process|system)_\\w*[a-z0-9])(?![\\w*])");

    /** The largest value of a histogram is a metric of its own, which needs no line in a table. */
    private static final Pattern OWN = Pattern.compile("(?m)^# TYPE (handover_\\w+?)(?:_max)? ");

    private static final Pattern IN_CODE = Pattern.compile("`[^`\n]*`");

    private MetricNames() {}

    static Set<String> exported(Collection<String> scrapes) {
        Set<String> names = new TreeSet<>();
        scrapes.forEach(scrape -> EXPORTED.matcher(scrape).results().forEach(found -> names.add(found.group(1))));
        return names;
    }

    /** The metrics of the product itself. */
    static Set<String> own(Collection<String> scrapes) {
        Set<String> names = new TreeSet<>();
        scrapes.forEach(scrape -> OWN.matcher(scrape).results().forEach(found -> names.add(found.group(1))));
        return names;
    }

    static Set<String> usedInRules() throws IOException {
        return used(Files.readString(PrometheusProcess.RULES));
    }

    static Set<String> usedInDashboard() throws IOException {
        return used(Files.readString(Dashboard.FILE));
    }

    /** The names in the pages that are formatted as code. */
    static Set<String> usedInDocs() throws IOException {
        Set<String> names = new TreeSet<>();
        try (Stream<Path> pages = Files.list(DOCS)) {
            for (Path page :
                    pages.filter(file -> file.toString().endsWith(".md")).toList()) {
                IN_CODE.matcher(Files.readString(page)).results().forEach(code -> names.addAll(used(code.group())));
            }
        }
        return names;
    }

    private static Set<String> used(String text) {
        Set<String> names = new TreeSet<>();
        USED.matcher(text).results().forEach(found -> names.add(found.group(1)));
        return names;
    }
}
