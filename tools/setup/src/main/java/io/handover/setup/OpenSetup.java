package io.handover.setup;

import io.handover.genesys.GenesysClient;
import io.handover.genesys.GenesysConnection;
import io.handover.genesys.GenesysCredentials;
import io.handover.genesys.GenesysRegion;
import io.handover.service.SettingsException;
import io.handover.setup.OnlyOption.Half;
import io.handover.setup.aws.AwsAccount;
import io.handover.setup.aws.AwsSetup;
import io.handover.setup.integration.Integration;
import io.handover.setup.plan.Resource;
import io.handover.setup.plan.Waiting;
import io.handover.setup.settings.SetupSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A set-up with its connections to AWS and Genesys. */
final class OpenSetup implements AutoCloseable {

    /**
     * No pauses between the calls to Genesys: a command makes about twenty, far fewer than the 300 per minute that Genesys
     * accepts.
     */
    private static final int REQUESTS_PER_MINUTE = 60_000;

    private final SetupSettings settings;
    private final @Nullable AwsAccount account;
    private final @Nullable AwsSetup aws;
    private final @Nullable GenesysClient client;
    private final @Nullable Integration integration;

    /** @param only the half to work on; null for both */
    OpenSetup(SetupSettings settings, @Nullable String profile, @Nullable Half only, Waiting waiting) {
        this.settings = settings;
        if (only == Half.GENESYS) {
            account = null;
            aws = null;
        } else {
            account = new AwsAccount(settings, profile);
            aws = new AwsSetup(account, waiting);
        }
        if (only == Half.AWS) {
            client = null;
            integration = null;
        } else {
            client = client(settings);
            integration = new Integration(settings, client.eventBridgeIntegrations());
        }
    }

    private static GenesysClient client(SetupSettings settings) {
        GenesysRegion region = settings.genesysRegion();
        GenesysCredentials credentials = settings.genesysCredentials();
        if (region == null || credentials == null) {
            throw new SettingsException("The calls to Genesys need genesys.region, genesys.client.id and"
                    + " genesys.client.secret. Set them, or leave Genesys out with --only aws.");
        }
        return new GenesysClient(
                new GenesysConnection(region, null, null, REQUESTS_PER_MINUTE),
                () -> credentials,
                new SimpleMeterRegistry());
    }

    SetupSettings settings() {
        return settings;
    }

    /** The things of AWS, where the command works on them. */
    AwsSetup aws() {
        return Objects.requireNonNull(aws, "aws");
    }

    AwsAccount account() {
        return Objects.requireNonNull(account, "account");
    }

    boolean hasAws() {
        return aws != null;
    }

    @Nullable
    Integration integration() {
        return integration;
    }

    /** Returns all things in the order of their dependencies. */
    List<Resource> resources() {
        List<Resource> resources = new ArrayList<>();
        if (integration != null) {
            resources.add(integration);
        }
        if (aws != null) {
            resources.addAll(aws.resources());
        }
        return resources;
    }

    @Override
    public void close() {
        if (account != null) {
            account.close();
        }
        if (client != null) {
            client.close();
        }
    }
}
