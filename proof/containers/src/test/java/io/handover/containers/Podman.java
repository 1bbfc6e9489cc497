package io.handover.containers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A podman whose images, containers, networks and volumes are in a folder of its own and are removed with it, and which
 * answers the calls of docker-compose in Docker's place.
 */
final class Podman implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Podman.class);
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long HEALTH_EVERY_MS = 1_000;

    private final Path folder;
    private final Process service;
    private final ScheduledExecutorService healthChecks = Executors.newSingleThreadScheduledExecutor();

    private Podman(Path folder, Process service) {
        this.folder = folder;
        this.service = service;
    }

    static Podman start() throws IOException {
        // In the folder for temporary files, because the path of a socket has at most 107 characters.
        Path folder = Files.createTempDirectory("handover-containers-");
        Files.writeString(folder.resolve("containers.conf"), """
                [containers]
                # the defaults are more than a sandbox allows
                default_ulimits = ["nofile=1024:1024", "nproc=4096:4096"]
                [engine]
                runtime = "runc"
                cgroup_manager = "cgroupfs"
                events_logger = "file"
                # the locks in shared memory are those of every podman of the machine
                lock_type = "file"
                tmp_dir = "%1$s/tmp"
                # images that were loaded, not those of a registry
                compat_api_enforce_docker_hub = false
                [network]
                network_backend = "netavark"
                network_config_dir = "%1$s/networks"
                """.formatted(folder));
        Process service = builder(folder, podman(folder, "system", "service", "--time=0", "unix://" + socket(folder)))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("service.log").toFile())
                .start();
        Podman podman = new Podman(folder, service);
        Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(socket(folder)));
        return podman;
    }

    private static Path socket(Path folder) {
        return folder.resolve("podman.sock");
    }

    private static List<String> podman(Path folder, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("podman", "--root", folder + "/storage", "--runroot", folder + "/run"));
        command.addAll(List.of(arguments));
        return command;
    }

    private static ProcessBuilder builder(Path folder, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        // The settings of this process are not those of the containers.
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("HANDOVER") || name.startsWith("GENESYS") || name.startsWith("LOG_"));
        builder.environment()
                .put("CONTAINERS_CONF", folder.resolve("containers.conf").toString());
        return builder;
    }

    /**
     * Runs the health checks of all containers again and again. Docker does so by itself; podman leaves it to systemd,
     * which need not run here.
     */
    void runHealthChecks() {
        Future<?> unused = healthChecks.scheduleWithFixedDelay(
                () -> {
                    for (String id : run("ps", "--quiet").lines().toList()) {
                        // fails for an unhealthy container and for one that has gone: the state says so
                        exitCode(builder(folder, podman(folder, "healthcheck", "run", id)));
                    }
                },
                HEALTH_EVERY_MS,
                HEALTH_EVERY_MS,
                TimeUnit.MILLISECONDS);
    }

    /** Runs podman and returns what it printed to standard output. */
    String run(String... arguments) {
        return succeed(builder(folder, podman(folder, arguments)));
    }

    /** Runs docker-compose against this podman and returns what it printed to standard output. */
    String compose(Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of("docker-compose", "--ansi=never"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = builder(folder, command);
        builder.environment().put("DOCKER_HOST", "unix://" + socket(folder));
        builder.environment().put("COMPOSE_HTTP_TIMEOUT", "180");
        builder.environment().putAll(environment);
        return succeed(builder);
    }

    private String succeed(ProcessBuilder builder) {
        try {
            Path out = Files.createTempFile(folder, "out", "");
            Path err = Files.createTempFile(folder, "err", "");
            builder.redirectOutput(out.toFile()).redirectError(err.toFile());
            int code = exitCode(builder);
            if (code != 0) {
                throw new IllegalStateException("Expected " + builder.command() + " to succeed, but it ended with "
                        + code + ": " + Files.readString(out) + Files.readString(err));
            }
            return Files.readString(out).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int exitCode(ProcessBuilder builder) {
        try {
            Process process = builder.start();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("Expected " + builder.command() + " to end, but it did not");
            }
            return process.exitValue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted during " + builder.command(), e);
        }
    }

    /** Removes everything: containers, volumes, networks, images, and the folder. */
    @Override
    public void close() {
        healthChecks.shutdownNow();
        run("rm", "--all", "--force", "--volumes");
        run("network", "prune", "--force");
        service.destroy();
        run("rmi", "--all", "--force");
        // The driver of the images keeps its folder mounted.
        exitCode(new ProcessBuilder("umount", folder + "/storage/overlay"));
        exitCode(new ProcessBuilder("rm", "-rf", folder.toString()));
        LOG.atInfo().addKeyValue("folder", folder).log("Removed podman's containers, networks and images");
    }
}
