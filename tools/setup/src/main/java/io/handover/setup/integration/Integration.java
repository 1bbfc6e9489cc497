package io.handover.setup.integration;

import io.handover.genesys.EventBridgeIntegration;
import io.handover.genesys.EventBridgeIntegration.Configuration;
import io.handover.genesys.EventBridgeIntegrations;
import io.handover.genesys.GenesysException;
import io.handover.setup.plan.Found;
import io.handover.setup.plan.NotPermittedException;
import io.handover.setup.plan.Resource;
import io.handover.setup.settings.SetupSettings;
import io.handover.terminal.CommandException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The integration of Genesys with EventBridge. Genesys makes the event source in AWS when it is enabled. */
public final class Integration implements Resource {

    private static final String ENABLED = "ENABLED";
    private static final String ACTIVE = "ACTIVE";

    private final SetupSettings settings;
    private final EventBridgeIntegrations genesys;
    /** Whether the integration that was found sends the same events to the same place. */
    private boolean fits;

    /** Whether nobody has configured the integration that was found. */
    private boolean isUnconfigured;

    public Integration(SetupSettings settings, EventBridgeIntegrations genesys) {
        this.settings = settings;
        this.genesys = genesys;
    }

    /**
     * Calls Genesys.
     *
     * @param <T> what the call returns
     */
    @FunctionalInterface
    private interface Call<T> {
        T make() throws GenesysException, InterruptedException;
    }

    @Override
    public String kind() {
        return "Genesys integration";
    }

    @Override
    public String name() {
        return settings.integrationName();
    }

    /** Returns the integration of the name, or else the one that sends to the same place. */
    public Optional<EventBridgeIntegration> describe() {
        List<EventBridgeIntegration> all = call(genesys::list);
        List<EventBridgeIntegration> named =
                all.stream().filter(one -> one.name().equals(name())).toList();
        if (named.size() > 1) {
            throw new CommandException("Genesys has " + named.size() + " integrations with the name " + name()
                    + ". Delete all but one, or choose another genesys.integration.name.");
        }
        return named.stream()
                .findFirst()
                .or(() -> all.stream()
                        .filter(one -> isSamePlace(one.configuration()))
                        .findFirst());
    }

    /** Returns the topics that Genesys can send to EventBridge. */
    public Set<String> availableTopics() {
        return call(genesys::availableTopics);
    }

    /** Whether an integration sends to the event source of the file. */
    public boolean sendsToOurSource(EventBridgeIntegration integration) {
        return isSamePlace(integration.configuration());
    }

    private boolean isSamePlace(Configuration configuration) {
        return configuration.accountId().equals(settings.accountId())
                && configuration.region().equals(settings.region())
                && configuration.suffix().equals(settings.suffix());
    }

    @Override
    public Found find() {
        Optional<EventBridgeIntegration> described = describe();
        fits = described.map(one -> isSamePlace(one.configuration())).orElse(false);
        isUnconfigured = described.map(one -> one.configuration().isEmpty()).orElse(false);
        return described.map(this::found).orElse(Found.ABSENT);
    }

    private Found found(EventBridgeIntegration integration) {
        Configuration configuration = integration.configuration();
        Map<String, String> fields = new LinkedHashMap<>(fields(configuration));
        fields.put("state", integration.intendedState());
        // This command may have been killed before it configured the integration.
        boolean ours = integration.name().equals(name())
                && (configuration.isEmpty() || configuration.notes().equals(notes()));
        Found found = Found.of(ours, fields);
        if (!ours) {
            return isSamePlace(configuration)
                    ? found.withNote("made by others as " + integration.name() + "; it sends to the same event source")
                    : found;
        }
        // Genesys may report INACTIVE for a moment after it was enabled. What stays so is an error of its
        // configuration.
        return integration.intendedState().equals(ENABLED)
                        && !integration.reportedState().equals(ACTIVE)
                ? found.pendingIn(integration.reportedState())
                : found;
    }

    private static Map<String, String> fields(Configuration configuration) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("AWS account", configuration.accountId());
        fields.put("AWS region", configuration.region());
        fields.put("suffix", configuration.suffix());
        fields.put("topics", String.join(", ", configuration.topics()));
        return fields;
    }

    private Configuration configuration() {
        return new Configuration(
                settings.accountId(), settings.region(), settings.suffix(), settings.topics(), notes());
    }

    /** The mark of this command. */
    private String notes() {
        return "Made by handover setup " + settings.name() + ".";
    }

    @Override
    public Map<String, String> wanted() {
        Map<String, String> wanted = new LinkedHashMap<>(fields(configuration()));
        wanted.put("state", ENABLED);
        return wanted;
    }

    @Override
    public Optional<String> impossible(Found found) {
        return found.exists() && !fits && !isUnconfigured
                ? Optional.of(
                        "it sends to another account, region or suffix, and Genesys makes another event source for"
                                + " these; delete it first: ./handover setup destroy --only genesys --with-archive")
                : Optional.empty();
    }

    @Override
    public void create() {
        finish(call(() -> genesys.create(name())));
    }

    @Override
    public void change(Found found) {
        finish(describe().orElseThrow(() -> new CommandException("The " + label() + " is gone meanwhile.")));
    }

    private void finish(EventBridgeIntegration integration) {
        if (!integration.configuration().equals(configuration())) {
            run(() -> genesys.configure(integration, configuration()));
        }
        if (!integration.intendedState().equals(ENABLED)) {
            run(() -> genesys.enable(integration.id()));
        }
    }

    @Override
    public void delete() {
        describe()
                .filter(one -> found(one).isOurs())
                .ifPresent(integration -> run(() -> genesys.delete(integration.id())));
    }

    /** A new event source cannot count on the bus of the old one, so both stay. */
    @Override
    public boolean holdsArchive() {
        return true;
    }

    @Override
    public boolean worksIfForeign() {
        return fits;
    }

    /** Makes a call without a result. */
    @FunctionalInterface
    private interface Run {
        void make() throws GenesysException, InterruptedException;
    }

    private static void run(Run run) {
        @Nullable
        Object unused = call(() -> {
            run.make();
            return "";
        });
    }

    private static <T> T call(Call<T> call) {
        try {
            return call.make();
        } catch (GenesysException e) {
            if (e.getMessage().contains("403")) {
                throw new NotPermittedException(
                        e.getMessage().substring(0, e.getMessage().length() - 1));
            }
            throw new CommandException(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("Interrupted while waiting for Genesys.", e);
        }
    }
}
