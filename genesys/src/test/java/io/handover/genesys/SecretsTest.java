package io.handover.genesys;

import static io.handover.genesys.Setup.ANNA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.handover.fakegenesys.Behaviour;
import io.handover.fakegenesys.Behaviour.Answer;
import io.handover.fakegenesys.FakeGenesys;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SecretsTest {

    private static final String TOKEN = "token-of-the-test";

    @Test
    void shouldKeepSecretsOutOfTexts() {
        // Given
        URI proxy = URI.create("http://user:hush@proxy.example:3128");

        // When
        String texts = new GenesysCredentials("the-id", "hush").toString()
                + new GenesysConnection(GenesysRegion.of("eu-west-1"), proxy, null, 300);

        // Then
        assertThat(texts)
                .contains("the-id", "proxy.example:3128", "mypurecloud.ie")
                .doesNotContain("hush");
    }

    @Test
    void shouldKeepThePasswordOfAnUnusableProxyOutOfTheMessage() {
        // When
        assertThatThrownBy(() -> new GenesysConnection(
                        GenesysRegion.of("eu-west-1"), URI.create("https://user:hush@proxy.example"), null, 300))
                // Then
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("proxy.example")
                .hasMessageNotContaining("hush");
    }

    @Test
    void shouldKeepSecretsOutOfLogsAndExceptions() throws Exception {
        Logger log = (Logger) LoggerFactory.getLogger("io.handover");
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        appender.start();
        log.addAppender(appender);
        log.setLevel(Level.TRACE);
        log.setAdditive(false);
        try (Setup setup = new Setup(Setup.FAST, Duration.ofMillis(10), Duration.ofMillis(100))) {
            // Given
            String grant = "{\"access_token\":\"" + TOKEN + "\",\"expires_in\":3600}";
            setup.fake.tokensBecome(Behaviour.answering(new Answer(200, Map.of(), grant)));

            // When
            assertThatThrownBy(() -> setup.client.user(ANNA.id()))
                    // Then
                    .isInstanceOf(GenesysException.class)
                    .hasNoCause()
                    .message()
                    .doesNotContain(TOKEN, FakeGenesys.CLIENT_SECRET);
            setup.fake.tokensBecome(Behaviour.NORMAL);
            setup.credentials.set(Setup.WRONG);
            assertThatThrownBy(() -> setup.client.user(ANNA.id())).message().doesNotContain(Setup.WRONG.clientSecret());
            assertThat(appender.list)
                    .isNotEmpty()
                    .extracting(event -> event.getFormattedMessage() + event.getKeyValuePairs())
                    .noneMatch(text -> text.contains(TOKEN)
                            || text.contains(FakeGenesys.CLIENT_SECRET)
                            || text.contains(Setup.WRONG.clientSecret()));
        }
    }
}
