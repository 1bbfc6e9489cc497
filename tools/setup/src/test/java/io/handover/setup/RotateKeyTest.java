package io.handover.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.handover.fakeaws.Behaviour;
import io.handover.setup.Clouds.Result;
import io.handover.terminal.CommandRunner;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.eventbridge.model.ConnectionState;

class RotateKeyTest {

    private static final String NEW_KEY = "second-key-91b3";

    @TempDir
    Path folder;

    private BridgeStub bridge;
    private Clouds clouds;

    @BeforeEach
    void setUp() {
        bridge = new BridgeStub(folder);
        bridge.keys.add(Clouds.KEY);
        clouds = new Clouds(folder, "eu-central-1", Behaviour.USUAL);
        clouds.aws.trust(bridge.certificate());
        clouds.settings.put("endpoint.url", bridge.url());
        Result applied = clouds.run("apply", "--yes");
        assertThat(applied.code()).as(applied.err()).isEqualTo(CommandRunner.EXIT_OK);
    }

    @AfterEach
    void tearDown() {
        clouds.close();
        bridge.close();
    }

    @Test
    void shouldLoseNoDeliveryUnderLoad() {
        // Given
        AtomicBoolean done = new AtomicBoolean();
        AtomicInteger published = new AtomicInteger();
        CompletableFuture<Void> load = CompletableFuture.runAsync(() -> {
            while (!done.get() && published.get() < 400) {
                clouds.aws.publish(Clouds.event(published.incrementAndGet()));
                await().until(() -> clouds.aws.openDeliveries() < 20);
            }
        });
        await().until(() -> bridge.stored.size() > 20);
        // When
        bridge.keys.add(NEW_KEY);
        clouds.settings.put("api.key", NEW_KEY);
        Result rotated = clouds.run("rotate-key", "--yes");
        int storedAtRotation = bridge.stored.size();
        await().until(() -> bridge.stored.size() > storedAtRotation + 20);
        bridge.keys.remove(Clouds.KEY);
        await().until(() -> bridge.stored.size() > storedAtRotation + 40 || load.isDone());
        done.set(true);
        load.join();
        // Then
        assertThat(rotated.code()).as(rotated.err()).isEqualTo(CommandRunner.EXIT_OK);
        await().until(() -> clouds.aws.openDeliveries() == 0);
        assertThat(bridge.stored).hasSize(published.get());
        assertThat(clouds.events().describeConnection(r -> r.name("handover")).connectionState())
                .isEqualTo(ConnectionState.AUTHORIZED);
        assertThat(clouds.run("plan").code()).isEqualTo(CommandRunner.EXIT_OK);
        assertThat(String.join("", clouds.printed)).doesNotContain(Clouds.KEY, NEW_KEY);
    }

    @Test
    void shouldRefuseAKeyThatTheBridgeDoesNotAccept() {
        // Given
        clouds.settings.put("api.key", NEW_KEY);
        // When
        Result refused = clouds.run("rotate-key", "--yes");
        // Then
        assertThat(refused.code()).isEqualTo(CommandRunner.EXIT_FAILURE);
        assertThat(refused.err()).contains("401 unauthorized", "Let it accept both keys first");
        clouds.settings.put("api.key", Clouds.KEY);
        assertThat(clouds.run("plan").code()).isEqualTo(CommandRunner.EXIT_OK);
    }

    @Test
    void shouldAuthorizeAConnectionAgain() {
        // Given
        bridge.always = new BridgeStub.Answer(401, "");
        clouds.aws.publish(Clouds.event(1));
        await().until(() ->
                clouds.events().describeConnection(r -> r.name("handover")).connectionState()
                        == ConnectionState.DEAUTHORIZED);
        bridge.always = null;
        // When
        Result plan = clouds.run("plan");
        Result rotated = clouds.run("rotate-key", "--yes");
        // Then
        assertThat(plan.out()).contains("state: DEAUTHORIZED -> AUTHORIZED");
        assertThat(rotated.code()).as(rotated.err()).isEqualTo(CommandRunner.EXIT_OK);
        await().until(() -> bridge.stored.size() == 1);
    }
}
