package io.handover.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.fakeaws.Call;
import io.handover.fakeaws.FakeAws;
import io.handover.fakeaws.Interceptor;
import io.handover.fakegenesys.FakeGenesys;
import io.handover.setup.Clouds.Result;
import io.handover.terminal.CommandRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apply, killed after each call, and run again. */
class KilledApplyIT {

    private static final int KILLED = 128 + 9;

    @TempDir
    Path folder;

    @Test
    void shouldConvergeWhenItsProcessIsKilledAfterAnyCall() throws Exception {
        // Given
        AtomicInteger calls = new AtomicInteger();
        int resources;
        try (Clouds clouds = new Clouds(folder)) {
            afterEachCall(clouds, calls::incrementAndGet);
            assertThat(clouds.run("apply", "--yes").code()).isEqualTo(CommandRunner.EXIT_OK);
            resources = clouds.aws.resources().size();
        }
        // A slower process asks less often whether something is ready.
        int killed = 0;
        for (int last = 1; last <= calls.get(); last++) {
            try (Clouds clouds = new Clouds(folder)) {
                // When
                int exit = killedAfter(last, clouds);
                // Then
                killed += exit == KILLED ? 1 : 0;
                shouldConverge(clouds, resources, "after call " + last);
            }
        }
        System.out.println("apply was killed after " + killed + " of " + calls + " calls");
        assertThat(killed).isGreaterThan(calls.get() * 9 / 10);
    }

    private static void shouldConverge(Clouds clouds, int resources, String when) {
        Result again = clouds.run("apply", "--yes");
        Result plan = clouds.run("plan");
        assertThat(again.code()).as("%s: %s", when, again.err()).isEqualTo(CommandRunner.EXIT_OK);
        assertThat(plan.code()).as("%s: %s", when, plan.out()).isEqualTo(CommandRunner.EXIT_OK);
        assertThat(clouds.aws.resources()).as(when).hasSize(resources);
        assertThat(clouds.genesys.integrations().all()).as(when).hasSize(1);
    }

    /** Runs apply in a process that is killed when a call has taken effect, before it is answered. */
    private int killedAfter(int last, Clouds clouds) throws IOException, InterruptedException {
        Path log = folder.resolve("apply.log");
        AtomicInteger calls = new AtomicInteger();
        Process[] process = new Process[1];
        synchronized (process) {
            afterEachCall(clouds, () -> {
                if (calls.incrementAndGet() == last) {
                    kill(process);
                }
            });
            process[0] = clouds.process(log, "apply", "--yes");
        }
        if (!process[0].waitFor(1, TimeUnit.MINUTES)) {
            process[0].destroyForcibly();
            throw new AssertionError("apply does not end: " + Files.readString(log));
        }
        clouds.aws.intercept(Interceptor.NONE);
        clouds.genesys.observe(request -> {});
        assertThat(Files.readString(log)).doesNotContain(Clouds.KEY, FakeGenesys.CLIENT_SECRET, FakeAws.SECRET_KEY);
        return process[0].exitValue();
    }

    private static void kill(Process[] process) {
        synchronized (process) {
            try {
                process[0].destroyForcibly().waitFor();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Runs an action after each call, before it is answered. */
    private static void afterEachCall(Clouds clouds, Runnable action) {
        clouds.genesys.observe(request -> action.run());
        clouds.aws.intercept(new Interceptor() {
            @Override
            public Verdict after(Call call) {
                action.run();
                return Verdict.PROCEED;
            }
        });
    }
}
