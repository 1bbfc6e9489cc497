package io.handover.service;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;

/** Formats settings as a Markdown table, in the order of their definition. */
final class SettingsTable {

    private static final String HEAD = """
            | Key | Environment | Type | Default | Valid values | Meaning |
            | --- | --- | --- | --- | --- | --- |
            """;

    private SettingsTable() {}

    static String markdown(ConfigDef definition, Map<String, String> aliases) {
        StringBuilder table = new StringBuilder(HEAD);
        for (ConfigDef.ConfigKey key : definition.configKeys().values()) {
            String alias = aliases.get(key.name);
            table.append(row(
                    code(key.name),
                    code(EnvironmentNames.of(key.name)) + (alias == null ? "" : ", " + code(alias)),
                    key.type.name().toLowerCase(Locale.ROOT),
                    key.hasDefault() ? defaultOf(key) : "required",
                    key.validator == null ? "" : key.validator.toString(),
                    key.documentation));
        }
        return table.append(row(
                        code("kafka.*"),
                        code("HANDOVER_KAFKA_*"),
                        "",
                        "",
                        "",
                        "Any other setting of the Kafka clients, such as " + code("kafka.sasl.jaas.config") + " or "
                                + code("HANDOVER_KAFKA_SASL_JAAS_CONFIG") + "."))
                .toString();
    }

    private static String defaultOf(ConfigDef.ConfigKey key) {
        Object value = key.defaultValue;
        String text = value instanceof List<?> list
                ? String.join(",", list.stream().map(String::valueOf).toList())
                : text(value);
        return text.isEmpty() ? "" : code(text);
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    private static String row(String... cells) {
        StringJoiner row = new StringJoiner(" | ", "| ", " |\n");
        for (String cell : cells) {
            row.add(cell.replace("|", "\\|").replace('\n', ' '));
        }
        return row.toString();
    }
}
