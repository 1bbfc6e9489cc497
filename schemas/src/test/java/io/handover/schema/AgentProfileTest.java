package io.handover.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes from outside is cleaned before a customer can see it. */
class AgentProfileTest {

    private static final String RIGHT_TO_LEFT = "\u202e";
    private static final String ZERO_WIDTH = "\u200b";
    private static final String NO_BREAK_SPACE = "\u00a0";

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            Ada Example,      Ada Example
            `  Ada   B.  `,   Ada B.
            Zoë Ångström-李,  Zoë Ångström-李
            `O'Neil 🙂`,      `O'Neil 🙂`
            """)
    void shouldKeepAName(String name, String cleaned) {
        // When / Then
        assertThat(AgentProfile.cleanName(name)).isEqualTo(cleaned);
    }

    @Test
    void shouldRemoveWhatIsNotShownOrChangesTheDirectionOfText() {
        // Given
        String name = "\u0000A" + RIGHT_TO_LEFT + "d" + ZERO_WIDTH + "a\n\t" + NO_BREAK_SPACE + "B.\ud800\u0085";
        // When / Then
        assertThat(AgentProfile.cleanName(name)).isEqualTo("Ada B.");
    }

    @Test
    void shouldCutALongNameBetweenCharacters() {
        // Given
        String name = "🙂".repeat(AgentProfile.NAME_MAX_LENGTH + 1);
        // When / Then
        assertThat(AgentProfile.cleanName(name)).isEqualTo("🙂".repeat(AgentProfile.NAME_MAX_LENGTH));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "\u0000\u0007", "\u200b"})
    void shouldHaveNoNameIfNothingRemains(String name) {
        // When
        AgentProfile profile = new AgentProfile("c", "a", name, "https://pictures.example/a.png");
        // Then
        assertThat(profile.name()).isNull();
        assertThat(profile.imageUrl()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://pictures.example/ada.png",
                "https://pictures.example:8443/ada.png?size=96#top",
                "http://127.0.0.1:8080/ada.svg",
                "http://localhost/ada.svg",
                "http://[::1]:80/ada.svg"
            })
    void shouldKeepTheAddressOfAPicture(String url) {
        // When / Then
        assertThat(AgentProfile.usableImageUrl(url)).isEqualTo(url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://pictures.example/ada.png",
                "http://127.0.0.1.pictures.example/ada.png",
                "http://localhost.pictures.example/ada.png",
                "javascript:alert(1)",
                "data:image/png;base64,AAAA",
                "https:ada.png",
                "https:///ada.png",
                "https://user:password@pictures.example/ada.png",
                "https://pictures.example/a da.png",
                "https://pictures.example/a\nda.png",
                "https://pictures.example/\u00e4.png",
                "HTTPS://pictures.example/ada.png",
                "//pictures.example/ada.png",
                "ada.png",
                ""
            })
    void shouldDropAnAddressThatABrowserMustNotGet(String url) {
        // When / Then
        assertThat(AgentProfile.usableImageUrl(url)).isNull();
    }

    @Test
    void shouldDropATooLongAddress() {
        // Given
        String host = "https://pictures.example/";
        String longest = host + "a".repeat(AgentProfile.IMAGE_URL_MAX_LENGTH - host.length());
        // When / Then
        assertThat(AgentProfile.usableImageUrl(longest)).isEqualTo(longest);
        assertThat(AgentProfile.usableImageUrl(longest + 'a')).isNull();
    }
}
