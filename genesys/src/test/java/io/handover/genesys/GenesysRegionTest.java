package io.handover.genesys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenesysRegionTest {

    @ParameterizedTest
    @CsvSource({
        "mypurecloud.de, mypurecloud.de",
        "' MyPureCloud.DE ', mypurecloud.de",
        "eu-central-1, mypurecloud.de",
        "us-east-1, mypurecloud.com",
        "us-east-2, use2.us-gov-pure.cloud",
        "ap-southeast-2, mypurecloud.com.au",
        "euw2.pure.cloud, euw2.pure.cloud",
        "https://api.mypurecloud.de, mypurecloud.de",
        "https://api.mypurecloud.de/, mypurecloud.de",
        "https://login.cac1.pure.cloud, cac1.pure.cloud",
        "https://apps.mypurecloud.ie, mypurecloud.ie"
    })
    void shouldFindTheHostsOfARegion(String text, String domain) {
        // When
        GenesysRegion region = GenesysRegion.of(text);

        // Then
        assertThat(region)
                .isEqualTo(
                        new GenesysRegion(URI.create("https://login." + domain), URI.create("https://api." + domain)));
    }

    @ParameterizedTest
    @CsvSource({
        "https://gateway.example:8443, https://gateway.example:8443",
        "http://127.0.0.1:8080/, http://127.0.0.1:8080",
        "http://localhost:8080, http://localhost:8080",
        "http://[::1]:8080, http://[::1]:8080"
    })
    void shouldUseAnyOtherBaseUrlForTokensAndApi(String text, URI url) {
        // When
        GenesysRegion region = GenesysRegion.of(text);

        // Then
        assertThat(region).isEqualTo(new GenesysRegion(url, url));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "mars-1", "mypurecloud.xx", "ftp://mypurecloud.de", "https://", "not a url", "//x"})
    void shouldNameTheChoicesIfTheRegionIsUnknown(String text) {
        // When
        assertThatThrownBy(() -> GenesysRegion.of(text))
                // Then
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("\"" + text + "\"", "eu-central-1", "mypurecloud.de", "base URL");
    }

    @Test
    void shouldRefuseToSendCredentialsUnencrypted() {
        // When
        assertThatThrownBy(() -> GenesysRegion.of("http://api.mypurecloud.example"))
                // Then
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("http://api.mypurecloud.example", "https");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://user:hush@a.example",
                "https://a.example/path",
                "https://a.example?q",
                "https://a.example#f"
            })
    void shouldRefuseMoreThanHostAndPort(String text) {
        // When
        assertThatThrownBy(() -> GenesysRegion.of(text))
                // Then
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a.example")
                .hasMessageNotContaining("hush");
    }
}
