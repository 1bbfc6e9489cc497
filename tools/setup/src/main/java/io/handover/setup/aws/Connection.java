package io.handover.setup.aws;

import io.handover.setup.plan.Found;
import io.handover.setup.plan.Resource;
import io.handover.setup.plan.Waiting;
import io.handover.setup.settings.Secret;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.eventbridge.model.ConnectionAuthorizationType;
import software.amazon.awssdk.services.eventbridge.model.ConnectionState;
import software.amazon.awssdk.services.eventbridge.model.CreateConnectionAuthRequestParameters;
import software.amazon.awssdk.services.eventbridge.model.DescribeConnectionResponse;
import software.amazon.awssdk.services.eventbridge.model.UpdateConnectionAuthRequestParameters;

/**
 * The connection, which holds the key of the bridge.
 *
 * <p>AWS never gives the key back. So the description holds a salted fingerprint of it, which shows whether the key of
 * the file is the one that was sent last. Connections have no tags; the description also says who has made it.
 */
public final class Connection implements Resource {

    private static final String AUTHORIZED = "AUTHORIZED";
    private static final Set<String> ON_THE_WAY = Set.of("CREATING", "UPDATING", "AUTHORIZING");
    private static final String STATE = "state";
    private static final String KEY = "key";
    private static final String KEY_OF_FILE = "the key of the file";
    private static final Pattern FINGERPRINT = Pattern.compile("fingerprint ([\\w-]+:[\\w-]+)");

    private final AwsAccount aws;
    private final Waiting waiting;
    private @Nullable String arn;

    Connection(AwsAccount aws, Waiting waiting) {
        this.aws = aws;
        this.waiting = waiting;
    }

    @Override
    public String kind() {
        return "connection";
    }

    @Override
    public String name() {
        return aws.settings().name();
    }

    /** The ARN, which ends in a random part. It is a placeholder until the connection exists. */
    String arn() {
        return arn == null ? "the new connection" : arn;
    }

    Optional<DescribeConnectionResponse> describe() {
        return aws.find("events:DescribeConnection", () -> aws.events().describeConnection(r -> r.name(name())));
    }

    @Override
    public Found find() {
        Optional<DescribeConnectionResponse> described = describe();
        arn = described.map(DescribeConnectionResponse::connectionArn).orElse(null);
        return described.map(this::found).orElse(Found.ABSENT);
    }

    private Found found(DescribeConnectionResponse connection) {
        String state = connection.connectionStateAsString();
        if (connection.connectionState() == ConnectionState.DELETING) {
            return Found.ABSENT.pendingIn(state);
        }
        boolean onTheWay = ON_THE_WAY.contains(state);
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("authorization", connection.authorizationTypeAsString());
        fields.put("header", headerOf(connection));
        fields.put(STATE, onTheWay ? AUTHORIZED : state);
        String description = connection.description() == null ? "" : connection.description();
        Found found = Found.of(Tags.isOurs(aws, description), fields);
        Secret key = aws.settings().key();
        if (key == null) {
            found = found.withUnknown("no key is given to compare with");
        } else {
            fields.put(KEY, isSent(key, description) ? KEY_OF_FILE : "another key");
            found = Found.of(found.isOurs(), fields);
        }
        return onTheWay ? found.pendingIn(state) : found.withNote(reason(connection));
    }

    private static String reason(DescribeConnectionResponse connection) {
        return connection.stateReason() == null || AUTHORIZED.equals(connection.connectionStateAsString())
                ? ""
                : connection.stateReason();
    }

    static String headerOf(DescribeConnectionResponse connection) {
        return connection.authParameters() == null
                        || connection.authParameters().apiKeyAuthParameters() == null
                ? "none"
                : connection.authParameters().apiKeyAuthParameters().apiKeyName();
    }

    /** Whether the description says that this key was sent last. */
    static boolean isSent(Secret key, String description) {
        Matcher matcher = FINGERPRINT.matcher(description);
        return matcher.find() && key.matches(matcher.group(1));
    }

    @Override
    public Map<String, String> wanted() {
        Map<String, String> wanted = new LinkedHashMap<>();
        wanted.put("authorization", ConnectionAuthorizationType.API_KEY.toString());
        wanted.put("header", aws.settings().keyHeader());
        wanted.put(STATE, AUTHORIZED);
        if (aws.settings().key() != null) {
            wanted.put(KEY, KEY_OF_FILE);
        }
        return wanted;
    }

    @Override
    public Optional<String> impossible(Found found) {
        return aws.settings().key() == null
                ? Optional.of("no key is given; set api.key.file, or HANDOVER_API_KEY in the environment")
                : Optional.empty();
    }

    @Override
    public void create() {
        Secret key = aws.settings().requiredKey();
        // A run of destroy that was stopped may have left it half deleted.
        waiting.until(label(), () -> Optional.of(find().pending()).filter(state -> !state.isEmpty()));
        arn = aws.call(
                        "events:CreateConnection",
                        () -> aws.events()
                                .createConnection(r -> r.name(name())
                                        .description(description(key))
                                        .authorizationType(ConnectionAuthorizationType.API_KEY)
                                        .authParameters(CreateConnectionAuthRequestParameters.builder()
                                                .apiKeyAuthParameters(k -> k.apiKeyName(
                                                                aws.settings().keyHeader())
                                                        .apiKeyValue(key.value()))
                                                .build())))
                .connectionArn();
    }

    /** Sends the type and the key together; AWS authorizes the connection again only then. */
    @Override
    public void change(Found found) {
        Secret key = aws.settings().requiredKey();
        aws.call(
                "events:UpdateConnection",
                () -> aws.events()
                        .updateConnection(r -> r.name(name())
                                .description(description(key))
                                .authorizationType(ConnectionAuthorizationType.API_KEY)
                                .authParameters(UpdateConnectionAuthRequestParameters.builder()
                                        .apiKeyAuthParameters(
                                                k -> k.apiKeyName(aws.settings().keyHeader())
                                                        .apiKeyValue(key.value()))
                                        .build())));
    }

    private String description(Secret key) {
        return Tags.description(aws) + " Do not edit: key fingerprint " + key.fingerprint();
    }

    @Override
    public void delete() {
        aws.delete("events:DeleteConnection", () -> aws.events().deleteConnection(r -> r.name(name())));
    }
}
