package io.handover.fakeaws;

import io.handover.fakeaws.Behaviour.Trait;
import io.handover.fakeaws.Policy.Kind;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An AWS account on the loopback interface. SDKs reach all of its services at {@link #endpoint}; the credential scope of
 * the signature says which service and region a request is for. Signatures are not checked. State is kept in memory.
 *
 * <p>Each region has its own resources; roles belong to the whole account. Partner event sources, topics, keys and
 * events that a test adds belong to the region with which the fake was started.
 */
public final class FakeAws implements AutoCloseable {

    /** The account. */
    public static final String ACCOUNT = "123456789012";

    /** The id of the access key that the fake accepts. */
    public static final String ACCESS_KEY = "AKIAFAKEFAKEFAKEFAKE";

    /** A secret for the access key. The fake accepts every secret. */
    public static final String SECRET_KEY = "secret-of-the-fake";

    private static final int WORKERS = 32;
    private static final long TIMEOUT_SECONDS = 10;

    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setEventLoopPoolSize(1)
            .setWorkerPoolSize(WORKERS)
            .setFileSystemOptions(
                    new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    private final Account account;
    private final Sender sender;
    private final Roles roles;
    private final Identity identity;
    private final String homeRegion;
    private final Map<String, RegionServices> regions = new TreeMap<>();
    private final CallServer server;

    private FakeAws(int port, String region, Behaviour behaviour) {
        String partition = region.startsWith("cn-") ? "aws-cn" : region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
        homeRegion = region;
        account = new Account(partition, ACCOUNT, behaviour);
        sender = new Sender(vertx);
        roles = new Roles(account);
        identity = new Identity(account);
        server = new CallServer(vertx, account, this::run);
        try {
            await(server.listen(port), "The fake AWS cannot listen on port " + port);
        } catch (IllegalStateException e) {
            close();
            throw e;
        }
    }

    /**
     * Starts an account without resources in the region eu-central-1.
     *
     * @param port the port, or 0 for a free port
     */
    public static FakeAws start(int port) {
        return start(port, "eu-central-1", Behaviour.USUAL);
    }

    /** Starts an account without resources. The region also decides the partition of all ARNs. */
    public static FakeAws start(int port, String region, Behaviour behaviour) {
        return new FakeAws(port, region, behaviour);
    }

    /** The address for {@code endpointOverride} of every client. */
    public URI endpoint() {
        return URI.create(server.baseUrl());
    }

    /** Changes the behaviour, and starts its random faults from the seed. */
    public void become(Behaviour behaviour) {
        synchronized (account) {
            account.become(behaviour);
        }
    }

    /** Changes who watches and disturbs the calls. */
    public void intercept(Interceptor newInterceptor) {
        server.intercept(newInterceptor);
    }

    /** The last calls in the order of their arrival, at most 100,000. */
    public List<Call> calls() {
        synchronized (account) {
            return server.calls();
        }
    }

    /** The number of calls since the start. */
    public long callCount() {
        synchronized (account) {
            return server.callCount();
        }
    }

    /**
     * Limits what the caller may do to an identity policy. Before that it may do everything.
     *
     * @throws IllegalArgumentException if the document is no identity policy, or has a condition that the fake does not
     *     know
     */
    public void setCallerPolicy(String document) {
        synchronized (account) {
            account.setCallerPolicy(new Policy(document, Kind.IDENTITY));
        }
    }

    /** Lets the caller do everything again. */
    public void allowEverything() {
        synchronized (account) {
            account.setCallerPolicy(null);
        }
    }

    /** Makes the credentials of the caller expire. */
    public void expireCredentials() {
        synchronized (account) {
            server.expireCredentials();
        }
    }

    /** Adds a partner event source that waits two weeks for its bus, as the integration of Genesys does. */
    public void addPartnerSource(String name) {
        addPartnerSource(name, Buses.PENDING_TIME);
    }

    /** Adds a partner event source that waits for its bus. After the time it is deleted. */
    public void addPartnerSource(String name, Duration lifetime) {
        synchronized (account) {
            home().buses().addSource(name, lifetime);
        }
    }

    /** Deletes a partner event source, as the deleted integration of Genesys does. Its bus gets no more events. */
    public void deletePartnerSource(String name) {
        synchronized (account) {
            home().buses().deleteSource(name);
        }
    }

    /**
     * Publishes an event of the partner. Its source must be active, otherwise the event is dropped.
     *
     * @param envelope an object with {@code source}, {@code detail-type} and {@code detail}, and with {@code time} and
     *     {@code resources} if wanted. EventBridge adds the other fields.
     * @return the id of the event
     */
    public String publish(String envelope) {
        synchronized (account) {
            return home().publish(new JsonObject(envelope));
        }
    }

    /** The number of events that were published while their source was not active. */
    public long droppedEvents() {
        synchronized (account) {
            return home().dropped();
        }
    }

    /** The number of events that are neither delivered nor given up. */
    public int openDeliveries() {
        synchronized (account) {
            return home().openDeliveries();
        }
    }

    /** The value of a metric of EventBridge for a rule, for example of {@code InvocationsSentToDlq}. */
    public long metric(String ruleArn, String name) {
        synchronized (account) {
            return home().metrics().value(ruleArn, name);
        }
    }

    /**
     * Sends the invocations of API destinations on a host to another address, for example to a process on the loopback
     * interface without TLS. EventBridge itself calls HTTPS endpoints only.
     */
    public void route(String host, URI target) {
        sender.route(host, target);
    }

    /** Trusts the certificate authorities of a PEM file instead of the public ones when it calls API destinations. */
    public void trust(Path pemFile) {
        sender.trust(pemFile.toString());
    }

    /**
     * Adds a topic of SNS.
     *
     * @param policy the policy of the topic; null lets nobody but the account publish, so that no rule can
     * @return its ARN
     */
    public String addTopic(String name, @Nullable String policy) {
        synchronized (account) {
            return home().topics().add(name, policy);
        }
    }

    /** The last messages of a topic, at most 1,000. */
    public List<String> messages(String topicArn) {
        synchronized (account) {
            return home().topics().messages(topicArn);
        }
    }

    /** Lets EventBridge use a key of KMS. A queue with another {@code KmsMasterKeyId} accepts no dead letters. */
    public void allowKey(String key) {
        synchronized (account) {
            home().queues().allowKey(key);
        }
    }

    /** Makes all messages of a queue visible, as if their visibility timeouts had passed. */
    public void makeVisible(String queueName) {
        synchronized (account) {
            home().queues().makeVisible(queueName);
        }
    }

    /**
     * The ARNs of all buses, rules, connections, API destinations, archives, queues, alarms and roles that exist. The
     * default bus, the partner event sources, the topics and what AWS manages are not included.
     */
    public List<String> resources() {
        synchronized (account) {
            List<String> arns = new ArrayList<>(roles.arns());
            regions.values().forEach(region -> arns.addAll(region.arns()));
            return arns;
        }
    }

    @Override
    public void close() {
        synchronized (account) {
            regions.values().forEach(region -> region.queues().close());
        }
        await(vertx.close(), "The fake AWS cannot stop");
    }

    private RegionServices home() {
        return region(homeRegion);
    }

    private RegionServices region(String name) {
        return regions.computeIfAbsent(
                name, one -> new RegionServices(new Region(account, name), vertx, sender, roles, server.baseUrl()));
    }

    private JsonObject run(Call call, JsonObject input) {
        synchronized (account) {
            if (account.happens(Trait.THROTTLING)) {
                throw new AwsError(400, "ThrottlingException", "Rate exceeded");
            }
            boolean isChange = !call.operation().matches("(Describe|List|Get|Test).*");
            if (call.service().equals("events") && isChange && account.happens(Trait.CONCURRENT_MODIFICATION)) {
                throw AwsError.concurrentModification("Concurrent modification detected. Try again.");
            }
            Service service = switch (call.service()) {
                case "iam" -> roles;
                case "sts" -> identity;
                default -> region(call.region()).find(call.service(), call.operation());
            };
            if (service == null) {
                throw new AwsError(
                        400,
                        "UnknownOperationException",
                        "The fake has no operation " + call.operation() + " of " + call.service());
            }
            return service.call(call.operation(), input);
        }
    }

    private static void await(Future<?> future, String problem) {
        try {
            future.toCompletionStage().toCompletableFuture().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(problem + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(problem + ": interrupted", e);
        }
    }
}
