package io.handover.setup.aws;

import io.handover.setup.plan.NotPermittedException;
import io.handover.setup.settings.SetupSettings;
import io.handover.terminal.CommandException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * An account in a region of AWS, with the clients of its services. The credentials come from where the tools of AWS look
 * for them. The clients repeat what is throttled, and what collides with another change.
 */
public final class AwsAccount implements AutoCloseable {

    /** The tag of everything that can be tagged. Its value is the name of the set-up. */
    static final String TAG = "handover:setup";

    private static final int ATTEMPTS = 8;
    private static final Set<String> REPEATED =
            Set.of("ConcurrentModificationException", "ConcurrentModification", "InternalException", "InternalFailure");
    private static final Set<String> DENIED = Set.of(
            "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "NotAuthorized");
    private static final Set<String> ABSENT = Set.of(
            "ResourceNotFoundException",
            "NoSuchEntity",
            "QueueDoesNotExist",
            "AWS.SimpleQueueService.NonExistentQueue",
            "ResourceNotFound");

    /** AWS names what is missing: a call may need more than the action of its name, such as that for the tags. */
    private static final Pattern MISSING = Pattern.compile("not authorized to perform: ([\\w-]+:\\w+)");

    private final SetupSettings settings;
    private final SdkHttpClient http = UrlConnectionHttpClient.create();
    private final EventBridgeClient events;
    private final SqsClient sqs;
    private final IamClient iam;
    private final CloudWatchClient cloudWatch;
    private final String callerArn;
    private final String partition;

    /**
     * Opens the account of the settings.
     *
     * @param profile the profile of the AWS configuration; null for the usual one
     * @throws CommandException if there are no credentials, or they belong to another account
     */
    public AwsAccount(SetupSettings settings, @Nullable String profile) {
        this.settings = settings;
        // With the name of a profile, the default chain would still prefer the environment.
        AwsCredentialsProvider credentials = profile == null
                ? DefaultCredentialsProvider.builder().build()
                : ProfileCredentialsProvider.create(profile);
        events = client(EventBridgeClient.builder(), credentials);
        sqs = client(SqsClient.builder(), credentials);
        iam = client(IamClient.builder(), credentials);
        cloudWatch = client(CloudWatchClient.builder(), credentials);
        StsClient sts = client(StsClient.builder(), credentials);
        var caller = call("sts:GetCallerIdentity", sts::getCallerIdentity);
        callerArn = caller.arn();
        partition = callerArn.split(":", -1)[1];
        if (!caller.account().equals(settings.accountId())) {
            throw new CommandException(
                    "The credentials belong to the AWS account " + caller.account() + ", but aws.account.id is "
                            + settings.accountId() + ". Use another profile, or correct the file.");
        }
    }

    private <
                    B extends
                            AwsClientBuilder<B, C>
                                    & software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder<B, C>,
                    C>
            C client(B builder, AwsCredentialsProvider credentials) {
        return builder.region(Region.of(settings.region()))
                .credentialsProvider(credentials)
                .httpClient(http)
                .overrideConfiguration(ClientOverrideConfiguration.builder()
                        .retryStrategy(strategy ->
                                strategy.maxAttempts(ATTEMPTS).retryOnException(AwsAccount::isWorthRepeating))
                        .build())
                .build();
    }

    private static boolean isWorthRepeating(Throwable problem) {
        return problem instanceof AwsServiceException e && REPEATED.contains(code(e));
    }

    EventBridgeClient events() {
        return events;
    }

    SqsClient sqs() {
        return sqs;
    }

    IamClient iam() {
        return iam;
    }

    CloudWatchClient cloudWatch() {
        return cloudWatch;
    }

    SetupSettings settings() {
        return settings;
    }

    /** Who calls. */
    public String callerArn() {
        return callerArn;
    }

    /** Returns an ARN in this account and region. */
    String arn(String service, String resource) {
        return "arn:" + partition + ":" + service + ":" + settings.region() + ":" + settings.accountId() + ":"
                + resource;
    }

    /**
     * Calls AWS.
     *
     * @param action the action of IAM that the call needs
     * @throws NotPermittedException if the caller may not do that
     * @throws CommandException if the call fails
     */
    public <T> T call(String action, Supplier<T> call) {
        try {
            return call.get();
        } catch (SdkException e) {
            throw failure(action, e);
        }
    }

    /** Calls AWS about a thing that may not exist. */
    public <T> Optional<T> find(String action, Supplier<T> call) {
        try {
            return Optional.of(call.get());
        } catch (AwsServiceException e) {
            if (ABSENT.contains(code(e))) {
                return Optional.empty();
            }
            throw failure(action, e);
        } catch (SdkClientException e) {
            throw failure(action, e);
        }
    }

    /** Deletes a thing that may be gone already. */
    void delete(String action, Supplier<?> call) {
        Optional<?> unused = find(action, call);
    }

    /** No cause: its message could repeat the key that was sent. */
    private RuntimeException failure(String action, SdkException e) {
        if (e instanceof AwsServiceException service) {
            if (DENIED.contains(code(service))) {
                Matcher missing = MISSING.matcher(message(service));
                return new NotPermittedException(
                        "the permission " + (missing.find() ? missing.group(1) : action) + " is missing");
            }
            return new CommandException(
                    "AWS refuses " + action + ": " + code(service) + ", " + settings.hidden(message(service)));
        }
        return new CommandException(
                "AWS cannot be asked for " + action + ": " + settings.hidden(String.valueOf(e.getMessage())));
    }

    static String code(AwsServiceException e) {
        return e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
                ? String.valueOf(e.statusCode())
                : e.awsErrorDetails().errorCode();
    }

    static String message(AwsServiceException e) {
        return e.awsErrorDetails() == null || e.awsErrorDetails().errorMessage() == null
                ? "without a message"
                : e.awsErrorDetails().errorMessage();
    }

    @Override
    public void close() {
        http.close();
    }
}
