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
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Apply, killed at every point at which it can leave something behind, and run again. */
class KilledApplyIT {

    private static final Pattern READS = Pattern.compile("(Describe|List|Get|Test|Simulate).*");
    private static final int KILLED = 128 + 9;

    @TempDir
    Path folder;

    /** Calls that only read leave nothing behind: what a kill leaves behind depends on the other calls. */
    @Test
    void shouldConvergeWhenItsProcessIsKilledAfterAnyCallThatChangesSomething() throws Exception {
        // Given
        AtomicInteger calls = new AtomicInteger();
        int resources;
        try (Clouds clouds = new Clouds(folder)) {
            afterEachChange(clouds, calls::incrementAndGet);
            assertThat(clouds.run("apply", "--yes").code()).isEqualTo(CommandRunner.EXIT_OK);
            resources = clouds.aws.resources().size();
        }
        System.out.println("apply changes something with " + calls + " calls");
        for (int last = 1; last <= calls.get(); last++) {
            try (Clouds clouds = new Clouds(folder)) {
                // When
                int exit = killedAfter(last, clouds);
                // Then
                assertThat(exit).as("killed after change %d", last).isEqualTo(KILLED);
                shouldConverge(clouds, resources, "after change " + last);
            }
        }
    }

    @Test
    void shouldConvergeWhenItHearsNothingAfterAnyCall() {
        // Given
        int calls;
        int resources;
        try (Clouds clouds = new Clouds(folder)) {
            assertThat(clouds.run("apply", "--yes").code()).isEqualTo(CommandRunner.EXIT_OK);
            calls = (int) clouds.aws.callCount();
            resources = clouds.aws.resources().size();
        }
        System.out.println("apply makes " + calls + " calls to AWS");
        for (int last = 1; last <= calls; last++) {
            try (Clouds clouds = new Clouds(folder)) {
                // When
                clouds.aws.intercept(new Silence(last, Thread.currentThread()));
                Result cut = clouds.run("apply", "--yes");
                boolean unused = Thread.interrupted();
                clouds.aws.intercept(Interceptor.NONE);
                // Then
                assertThat(cut.code()).as("cut after call %d", last).isNotEqualTo(CommandRunner.EXIT_OK);
                shouldConverge(clouds, resources, "after call " + last);
            }
        }
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
            afterEachChange(clouds, () -> {
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

    /** Runs an action after each call that may change something in AWS, and after each call to Genesys. */
    private static void afterEachChange(Clouds clouds, Runnable action) {
        clouds.genesys.observe(request -> action.run());
        clouds.aws.intercept(new Interceptor() {
            @Override
            public Verdict after(Call call) {
                if (!READS.matcher(call.operation()).matches()) {
                    action.run();
                }
                return Verdict.PROCEED;
            }
        });
    }

    /** Leaves a command without answers after a number of calls. The last call still takes effect. */
    private static final class Silence implements Interceptor {
        private final AtomicInteger calls = new AtomicInteger();
        private final int last;
        private final Thread command;

        Silence(int last, Thread command) {
            this.last = last;
            this.command = command;
        }

        @Override
        public Verdict before(Call call) {
            return calls.get() >= last ? Verdict.CUT : Verdict.PROCEED;
        }

        @Override
        public Verdict after(Call call) {
            if (calls.incrementAndGet() < last) {
                return Verdict.PROCEED;
            }
            // The SDK would repeat a call whose connection broke.
            command.interrupt();
            return Verdict.CUT;
        }
    }
}
