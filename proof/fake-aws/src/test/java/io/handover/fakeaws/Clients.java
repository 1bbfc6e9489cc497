package io.handover.fakeaws;

import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sts.StsClient;

/** The clients of the SDK for a fake. They do not retry, so that a test sees each answer. */
final class Clients implements AutoCloseable {

    final EventBridgeClient events;
    final SqsClient sqs;
    final IamClient iam;
    final StsClient sts;
    final CloudWatchClient cloudWatch;
    final SnsClient sns;

    private final SdkHttpClient http = UrlConnectionHttpClient.create();
    private final FakeAws fake;
    private final String accessKey;
    private final String region;

    Clients(FakeAws fake) {
        this(fake, FakeAws.ACCESS_KEY, "eu-central-1");
    }

    Clients(FakeAws fake, String accessKey, String region) {
        this.fake = fake;
        this.accessKey = accessKey;
        this.region = region;
        events = configured(EventBridgeClient.builder()).build();
        sqs = configured(SqsClient.builder()).build();
        iam = configured(IamClient.builder()).region(Region.AWS_GLOBAL).build();
        sts = configured(StsClient.builder()).build();
        cloudWatch = configured(CloudWatchClient.builder()).build();
        sns = configured(SnsClient.builder()).build();
    }

    private <B extends AwsClientBuilder<B, ?> & AwsSyncClientBuilder<B, ?>> B configured(B builder) {
        return builder.endpointOverride(fake.endpoint())
                .region(Region.of(region))
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, FakeAws.SECRET_KEY)))
                .overrideConfiguration(configuration -> configuration.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .httpClient(http);
    }

    @Override
    public void close() {
        for (SdkClient client : List.of(events, sqs, iam, sts, cloudWatch, sns)) {
            client.close();
        }
        http.close();
    }
}
