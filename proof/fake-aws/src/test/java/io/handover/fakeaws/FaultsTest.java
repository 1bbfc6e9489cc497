package io.handover.fakeaws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handover.fakeaws.Behaviour.Trait;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.eventbridge.model.ConcurrentModificationException;
import software.amazon.awssdk.services.eventbridge.model.InternalException;

class FaultsTest {

    private final FakeAws fake = FakeAws.start(0, "eu-central-1", Behaviour.CALM);
    private final Clients clients = new Clients(fake);

    @AfterEach
    void tearDown() {
        clients.close();
        fake.close();
    }

    @Test
    void shouldThrottleEveryService() {
        // Given
        fake.become(Behaviour.CALM.with(Trait.THROTTLING, 1));

        // When / Then
        for (Runnable call : List.<Runnable>of(
                () -> clients.events.listEventSources(list -> {}),
                () -> clients.sqs.getQueueUrl(queue -> queue.queueName("q")),
                () -> clients.iam.getRole(role -> role.roleName("r")),
                () -> clients.cloudWatch.describeAlarms())) {
            assertThatThrownBy(call::run)
                    .isInstanceOfSatisfying(
                            AwsServiceException.class,
                            error -> assertThat(error.isThrottlingException()).isTrue());
        }
    }

    @Test
    void shouldReportConcurrentModificationOfChangesOnly() {
        // Given
        fake.become(Behaviour.CALM.with(Trait.CONCURRENT_MODIFICATION, 1));

        // When / Then
        assertThatThrownBy(() -> putRule("r")).isInstanceOf(ConcurrentModificationException.class);
        assertThat(clients.events.listRules(list -> {}).rules()).isEmpty();
    }

    @Test
    void shouldRepeatItsFaultsFromTheSeed() {
        // When
        List<Boolean> first = faults(7);
        List<Boolean> again = faults(7);
        List<Boolean> other = faults(8);

        // Then
        assertThat(first).contains(true, false).isEqualTo(again).isNotEqualTo(other);
    }

    private List<Boolean> faults(int seed) {
        fake.become(Behaviour.CALM.with(Trait.SEED, seed).with(Trait.THROTTLING, 0.5));
        return Stream.generate(() -> {
                    try {
                        clients.events.listEventSources(list -> {});
                        return false;
                    } catch (AwsServiceException e) {
                        return true;
                    }
                })
                .limit(20)
                .toList();
    }

    @Test
    void shouldCountAndNumberCalls() {
        // When
        putRule("a");
        putRule("b");

        // Then
        assertThat(fake.callCount()).isEqualTo(2);
        assertThat(fake.calls()).extracting(Call::number).containsExactly(1L, 2L);
        assertThat(fake.calls().get(1).service()).isEqualTo("events");
        assertThat(fake.calls().get(1).region()).isEqualTo("eu-central-1");
        assertThat(fake.calls().get(1).operation()).isEqualTo("PutRule");
        assertThat(fake.calls().get(1).input()).contains("\"Name\":\"b\"");
        assertThat(fake.calls().get(1)).hasToString("2 events:PutRule");
    }

    @Test
    void shouldCutTheConnectionBeforeACall() {
        // Given
        fake.intercept(new Interceptor() {
            @Override
            public Verdict before(Call call) {
                return call.number() == 2 ? Verdict.CUT : Verdict.PROCEED;
            }
        });

        // When / Then
        putRule("a");
        assertThatThrownBy(() -> putRule("b")).isInstanceOf(SdkClientException.class);
        assertThat(fake.resources()).singleElement().asString().endsWith("rule/a");
    }

    @Test
    void shouldCutTheConnectionAfterACallTookEffect() {
        // Given
        fake.intercept(new Interceptor() {
            @Override
            public Verdict after(Call call) {
                return call.operation().equals("PutRule") ? Verdict.CUT : Verdict.PROCEED;
            }
        });

        // When / Then
        assertThatThrownBy(() -> putRule("a")).isInstanceOf(SdkClientException.class);
        assertThat(fake.resources()).singleElement().asString().endsWith("rule/a");
    }

    @Test
    void shouldAnswerWithAnError() {
        // Given
        fake.intercept(new Interceptor() {
            @Override
            public Verdict before(Call call) {
                return Verdict.fail(500, "InternalException", "text");
            }
        });

        // When / Then
        assertThatThrownBy(() -> putRule("a")).isInstanceOf(InternalException.class);
    }

    @Test
    void shouldAnswerOtherCallsWhileAnInterceptorBlocks() throws Exception {
        // Given
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        fake.intercept(new Interceptor() {
            @Override
            public Verdict before(Call call) {
                if (call.number() == 1) {
                    blocked.countDown();
                    try {
                        released.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
                return Verdict.PROCEED;
            }
        });
        ExecutorService threads = Executors.newSingleThreadExecutor();
        Future<?> first = threads.submit(() -> putRule("a"));
        blocked.await();

        // When
        putRule("b");

        // Then
        assertThat(fake.resources()).singleElement().asString().endsWith("rule/b");
        released.countDown();
        first.get();
        assertThat(fake.resources()).hasSize(2);
        threads.shutdown();
    }

    @Test
    void shouldServeManyCallsAtTheSameTime() throws Exception {
        // Given
        ExecutorService threads = Executors.newFixedThreadPool(8);

        // When
        List<Future<?>> calls = new ArrayList<>();
        IntStream.range(0, 200).forEach(i -> calls.add(threads.submit(() -> putRule("r" + i))));
        for (Future<?> call : calls) {
            call.get();
        }

        // Then
        assertThat(fake.resources()).hasSize(200);
        assertThat(fake.calls()).extracting(Call::number).doesNotHaveDuplicates();
        threads.shutdown();
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow() {
        // When / Then
        assertThatThrownBy(() -> clients.events.listConnections(list -> {}))
                .hasMessageContaining("no operation ListConnections of events");
    }

    private void putRule(String name) {
        clients.events.putRule(rule -> rule.name(name).eventPattern("{\"source\":[\"x\"]}"));
    }
}
