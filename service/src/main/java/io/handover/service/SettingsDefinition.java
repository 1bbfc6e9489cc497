package io.handover.service;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Defines the settings of a process. Loads their values from a file, the environment and explicit overrides. */
public final class SettingsDefinition {

    private final ConfigDef definition;
    private final Map<String, String> aliases;

    /**
     * @param definition all keys; the keys of {@link SharedSettings#define} come first
     * @param aliases a second environment variable for some of the process's own keys, by key. Such a variable can be
     *     the one of a previous product. The aliases of the shared keys are added
     */
    public SettingsDefinition(ConfigDef definition, Map<String, String> aliases) {
        this.definition = new ConfigDef(definition);
        for (String key : aliases.keySet()) {
            if (!this.definition.names().contains(key)) {
                throw new IllegalArgumentException("Expected an alias of a defined key, but " + key + " is not");
            }
        }
        Map<String, String> all = new HashMap<>(SharedSettings.ALIASES);
        all.keySet().retainAll(this.definition.names());
        all.putAll(aliases);
        this.aliases = Map.copyOf(all);
    }

    /**
     * Reads and validates the settings. The environment overrides the file, and {@code overrides} overrides both. The
     * environment variable named after a key overrides the alias of that key. A blank value counts as not set.
     *
     * @param file the settings file, or null for none
     * @throws SettingsException if a setting is unknown, missing or invalid
     */
    public Settings load(@Nullable Path file, Map<String, String> environment, Map<String, String> overrides) {
        Map<String, String> values = new LinkedHashMap<>();
        if (file != null) {
            values.putAll(checked(read(file), "in " + file));
        }
        values.putAll(fromEnvironment(environment));
        values.putAll(checked(overrides, "given"));
        values.values().removeIf(String::isBlank);
        requireAll(values);
        try {
            return new Settings(definition, values);
        } catch (ConfigException e) {
            throw SettingsException.of(e);
        }
    }

    /** Returns the settings as a Markdown table. */
    public String markdownTable() {
        return SettingsTable.markdown(definition, aliases);
    }

    private static Map<String, String> read(Path file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            throw new SettingsException("The settings file " + file + " does not exist.", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new SettingsException("The settings file " + file + " cannot be read as UTF-8 properties.", e);
        }
        Map<String, String> values = new LinkedHashMap<>();
        properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        return values;
    }

    private Map<String, String> checked(Map<String, String> values, String where) {
        for (String key : new TreeSet<>(values.keySet())) {
            if (!definition.names().contains(key) && !key.startsWith(SharedSettings.KAFKA_PREFIX)) {
                String hint = NearestKey.to(key, definition.names())
                        .map(nearest -> "; did you mean " + nearest + "?")
                        .orElse(".");
                throw new SettingsException("There is no setting " + key + " (" + where + ")" + hint);
            }
        }
        return values;
    }

    private Map<String, String> fromEnvironment(Map<String, String> environment) {
        Map<String, String> values = new LinkedHashMap<>();
        environment.forEach((name, value) -> {
            if (!value.isBlank()) {
                EnvironmentNames.kafkaKey(name).ifPresent(key -> values.put(key, value));
            }
        });
        for (String key : definition.names()) {
            for (String name : namesOf(key)) {
                String value = environment.get(name);
                if (value != null && !value.isBlank() && !EnvironmentNames.isServiceLink(name, value)) {
                    values.put(key, value);
                }
            }
        }
        return values;
    }

    /** The environment variables of a key. The last one that is set wins. */
    private List<String> namesOf(String key) {
        String alias = aliases.get(key);
        String name = EnvironmentNames.of(key);
        return alias == null ? List.of(name) : List.of(alias, name);
    }

    /**
     * Returns the environment variables that start with {@code HANDOVER_} but match no setting. {@link #load} ignores
     * them.
     */
    Set<String> ignored(Map<String, String> environment) {
        Set<String> ignored = new TreeSet<>(environment.keySet());
        ignored.removeIf(name -> !name.startsWith(EnvironmentNames.PREFIX)
                || EnvironmentNames.kafkaKey(name).isPresent());
        definition.names().forEach(key -> namesOf(key).forEach(ignored::remove));
        return ignored;
    }

    private void requireAll(Map<String, String> values) {
        for (ConfigDef.ConfigKey key : definition.configKeys().values()) {
            if (!key.hasDefault() && !values.containsKey(key.name)) {
                String alias = aliases.get(key.name);
                throw new SettingsException(
                        "The setting " + key.name + " is required: give it in the settings file, or as "
                                + EnvironmentNames.of(key.name) + (alias == null ? "" : " or " + alias)
                                + " in the environment.");
            }
        }
    }
}
