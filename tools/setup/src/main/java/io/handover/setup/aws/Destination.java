package io.handover.setup.aws;

import io.handover.setup.plan.Found;
import io.handover.setup.plan.Resource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.eventbridge.model.ApiDestinationHttpMethod;
import software.amazon.awssdk.services.eventbridge.model.ApiDestinationState;
import software.amazon.awssdk.services.eventbridge.model.DescribeApiDestinationResponse;

/** The API destination: where EventBridge sends, and how fast. */
final class Destination implements Resource {

    private final AwsAccount aws;
    private final Connection connection;
    private @Nullable String arn;

    Destination(AwsAccount aws, Connection connection) {
        this.aws = aws;
        this.connection = connection;
    }

    @Override
    public String kind() {
        return "API destination";
    }

    @Override
    public String name() {
        return aws.settings().name();
    }

    /** The ARN, which ends in a random part. It is a placeholder until the destination exists. */
    String arn() {
        return arn == null ? "the new API destination" : arn;
    }

    /** The ARNs that this destination has had and will have: it gets a new one when it is made again. */
    String arnPattern() {
        return aws.arn("events", "api-destination/" + name() + "/*");
    }

    Optional<DescribeApiDestinationResponse> describe() {
        return aws.find(
                "events:DescribeApiDestination", () -> aws.events().describeApiDestination(r -> r.name(name())));
    }

    @Override
    public Found find() {
        Optional<DescribeApiDestinationResponse> described = describe();
        arn = described.map(DescribeApiDestinationResponse::apiDestinationArn).orElse(null);
        return described.map(this::found).orElse(Found.ABSENT);
    }

    private Found found(DescribeApiDestinationResponse destination) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("endpoint", destination.invocationEndpoint());
        fields.put("method", destination.httpMethodAsString());
        fields.put("rate", destination.invocationRateLimitPerSecond() + " per second");
        fields.put("connection", destination.connectionArn());
        String description = destination.description() == null ? "" : destination.description();
        Found found = Found.of(Tags.isOurs(aws, description), fields);
        return destination.apiDestinationState() == ApiDestinationState.ACTIVE
                ? found
                : found.pendingIn(destination.apiDestinationStateAsString());
    }

    @Override
    public Map<String, String> wanted() {
        Map<String, String> wanted = new LinkedHashMap<>();
        wanted.put("endpoint", aws.settings().endpoint().toString());
        wanted.put("method", ApiDestinationHttpMethod.POST.toString());
        wanted.put("rate", aws.settings().ratePerSecond() + " per second");
        wanted.put("connection", connection.arn());
        return wanted;
    }

    @Override
    public void create() {
        arn = aws.call(
                        "events:CreateApiDestination",
                        () -> aws.events()
                                .createApiDestination(r -> r.name(name())
                                        .description(Tags.description(aws))
                                        .connectionArn(connection.arn())
                                        .invocationEndpoint(
                                                aws.settings().endpoint().toString())
                                        .httpMethod(ApiDestinationHttpMethod.POST)
                                        .invocationRateLimitPerSecond(
                                                aws.settings().ratePerSecond())))
                .apiDestinationArn();
    }

    @Override
    public void change(Found found) {
        aws.call(
                "events:UpdateApiDestination",
                () -> aws.events()
                        .updateApiDestination(r -> r.name(name())
                                .description(Tags.description(aws))
                                .connectionArn(connection.arn())
                                .invocationEndpoint(aws.settings().endpoint().toString())
                                .httpMethod(ApiDestinationHttpMethod.POST)
                                .invocationRateLimitPerSecond(aws.settings().ratePerSecond())));
    }

    @Override
    public void delete() {
        aws.delete("events:DeleteApiDestination", () -> aws.events().deleteApiDestination(r -> r.name(name())));
    }
}
