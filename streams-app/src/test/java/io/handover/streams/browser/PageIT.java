package io.handover.streams.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.handover.streams.browser.FakeApi.Order;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openqa.selenium.Keys;

/** The page in a real browser, under the policy that the app sends with it. */
class PageIT {

    private static final String CONVERSATION = "#/conversation/" + FakeApi.CONVERSATION;
    private static final String MARKUP = "<img src=x onerror=document.title='taken'>";
    /** Text from right to left, after a character that turns the direction of all that follows. */
    private static final String TURNED = "\u202eדנה כהן";

    private static final String WIDER_THAN_THE_WINDOW = """
            return document.documentElement.scrollWidth - document.documentElement.clientWidth""";

    private static final String CONTROLS_WITHOUT_NAME = """
            return [...document.querySelectorAll('a, button, input, textarea, nav, [role=region], [role=img], dialog')]
              .filter(element => {
                const by = element.getAttribute('aria-labelledby');
                const name = element.getAttribute('aria-label') || (by && document.getElementById(by).textContent)
                  || [...(element.labels ?? [])].map(label => label.textContent).join('') || element.textContent;
                // The buttons of the closed dialog of an order get their names when it opens.
                return !name.trim() && !element.closest('dialog:not([open])');
              }).map(element => element.outerHTML)""";

    private static final String CELLS_WITHOUT_HEAD = """
            return [...document.querySelectorAll('main table')].filter(table => !table.caption
                || [...table.querySelectorAll('th')].some(head => !head.scope)
                || [...table.tBodies[0].rows].some(row => row.cells[0].tagName !== 'TH'))
              .map(table => table.outerHTML)""";

    private static final String TEXTS_OUT_OF_THEIR_PICTURE = """
            return [...document.querySelectorAll('svg text')].filter(text => {
              const box = text.getBoundingClientRect();
              const picture = text.ownerSVGElement.getBoundingClientRect();
              return box.left < picture.left - 1 || box.right > picture.right + 1;
            }).map(text => text.textContent)""";

    private static final String TEXTS_ABOVE_THEIR_PICTURE = """
            return [...document.querySelectorAll('svg text')]
              .filter(text => text.getBBox().y < text.ownerSVGElement.viewBox.baseVal.y).map(text => text.textContent)""";

    private static final String SMALL_TEXTS = """
            return [...document.querySelectorAll('.topology text')].filter(text => {
              const scale = text.getScreenCTM().a;
              return parseFloat(getComputedStyle(text).fontSize) * scale < 11;
            }).map(text => text.textContent)""";

    private static final String OVERLAPPING_NODES = """
            const boxes = [...document.querySelectorAll('.node rect')].map(node => node.getBoundingClientRect());
            return boxes.filter((one, i) => boxes.some((other, j) => i < j && one.left < other.right
                && other.left < one.right && one.top < other.bottom && other.top < one.bottom)).map(JSON.stringify)""";

    private static final String NODES_FROM_TOP_TO_BOTTOM = """
            return [...document.querySelectorAll('.node')]
              .map(node => ({key: node.dataset.key, top: node.querySelector('rect').getBoundingClientRect().top}))
              .sort((one, other) => one.top - other.top).map(({key}) => key)""";

    private static final String FAINT_TEXTS = """
            const channels = colour => colour.match(/[0-9.]+/g).map(Number);
            const luminance = rgb => {
              const [r, g, b] = rgb.slice(0, 3).map(c => c / 255)
                .map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
              return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const behind = element => {
              for (let each = element; each; each = each.parentElement) {
                const [r, g, b, alpha] = channels(getComputedStyle(each).backgroundColor);
                if (alpha === undefined || alpha > 0) return [r, g, b];
              }
              return [255, 255, 255];
            };
            const faint = [];
            for (const element of document.querySelectorAll('body *')) {
              const own = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
              if (!own || ['title', 'NOSCRIPT'].includes(element.tagName) || element.closest('dialog:not([open])')) continue;
              const style = getComputedStyle(element);
              const [low, high] = [channels(element.ownerSVGElement ? style.fill : style.color), behind(element)]
                .map(luminance).sort((x, y) => x - y);
              const found = (high + 0.05) / (low + 0.05);
              if (found < 4.5) faint.push(found.toFixed(2) + ' ' + element.textContent);
            }
            return faint""";

    @TempDir
    static Path folder;

    private static Pictures pictures;
    private static Browser browser;

    private FakeApi api;

    @BeforeAll
    static void openBrowser() {
        pictures = new Pictures();
        browser = new Browser(folder.resolve("profile"), pictures.port());
    }

    @AfterAll
    static void closeBrowser() {
        browser.close();
        pictures.close();
    }

    @BeforeEach
    void startApi() {
        api = FakeApi.start();
        browser.resize(1180, 900, "light");
    }

    @AfterEach
    void stopApi() {
        api.close();
    }

    static Stream<Arguments> views() {
        return Stream.of(
                        Arguments.of("handovers", "", "Ada Example"),
                        Arguments.of("conversation", CONVERSATION, "agent-transferred"),
                        Arguments.of("conversation-earlier", CONVERSATION + "/1", "Chidi Okafor"),
                        Arguments.of("installation", "#/installation", "app-1.handover:8082"))
                .flatMap(view -> Stream.of(1180, 360)
                        .flatMap(width -> Stream.of("light", "dark")
                                .map(scheme ->
                                        Arguments.of(view.get()[0], view.get()[1], view.get()[2], width, scheme))));
    }

    @ParameterizedTest(name = "{0}, {3} wide, {4}")
    @MethodSource("views")
    void shouldBeReadable(String name, String place, String text, int width, String scheme) throws IOException {
        // Given
        browser.resize(width, 900, scheme);

        // When
        browser.open(api.address() + place);

        // Then
        awaitThat(() -> assertThat(browser.text("main")).contains(text));
        assertThat(browser.list(CONTROLS_WITHOUT_NAME)).isEmpty();
        assertThat(browser.list(CELLS_WITHOUT_HEAD)).isEmpty();
        assertThat(browser.list(TEXTS_OUT_OF_THEIR_PICTURE)).isEmpty();
        assertThat(browser.list(FAINT_TEXTS)).isEmpty();
        assertThat(browser.run(WIDER_THAN_THE_WINDOW)).isEqualTo(0L);
        assertThat(browser.texts("h1")).hasSize(1);
        assertThat(browser.list("return ['header', 'nav', '[role=search]', 'main', 'footer']"
                        + ".filter(each => !document.querySelector(each))"))
                .isEmpty();
        assertThat(browser.list("return document.getAnimations()")).isEmpty();
        assertThat(browser.console()).isEmpty();
        browser.keepPicture(Path.of("target", "page-pictures", name + '-' + width + '-' + scheme + ".png"));
    }

    @Test
    void shouldShowWhatIsOpenAndWhatIsHeld() {
        // When
        browser.open(api.address());

        // Then
        awaitThat(() -> assertThat(browser.texts(".figure")).containsExactly("128\nopen", "4\nheld"));
        assertThat(browser.text(".bars")).contains("an agent is there 96", "agent-left 3");
        assertThat(browser.texts("table.list tbody")).hasSize(2);
        assertThat(browser.texts("[aria-label^=Held] tr:first-child .countdown").get(0))
                .matches("in 1 min \\d+ s");
        assertThat(browser.text("[aria-label^=Open] tbody tr:first-child")).contains("1 d 2 h", "waits in a queue");
    }

    @Test
    void shouldTurnPagesAndGoBack() {
        // Given
        JsonObject second = FakeApi.document("open");
        second.remove("next");
        second.getJsonArray("items").getJsonObject(0).put("conversationId", "on-the-second-page");
        api.answer("/handovers/open?open-2", second);
        browser.open(api.address());
        awaitThat(() ->
                assertThat(browser.texts("nav[aria-label='Pages of open'] a")).containsExactly("Next 50"));

        // When
        browser.click("nav[aria-label='Pages of open'] a");

        // Then
        awaitThat(() -> assertThat(browser.text("main")).contains("on-the-second-page"));
        assertThat(browser.address()).endsWith("#/?open=open-2");
        assertThat(browser.texts("nav[aria-label='Pages of open'] a")).containsExactly("First page");

        // When
        browser.back();

        // Then
        awaitThat(() -> assertThat(browser.text("main")).doesNotContain("on-the-second-page"));
    }

    @Test
    void shouldShowAConversation() {
        // Given
        browser.open(api.address());
        awaitThat(() -> assertThat(browser.text("main")).contains(FakeApi.CONVERSATION));

        // When
        browser.click("main a.id");

        // Then
        awaitThat(() -> assertThat(browser.text(".state")).startsWith("Handover 2 is held, and ends in"));
        assertThat(browser.address()).endsWith(CONVERSATION);
        assertThat(browser.texts(".lanes li"))
                .extracting(lane -> lane.replace("\n", " "))
                .containsExactly(
                        "Flow",
                        "Queue",
                        "? 19be9a1b-3d2f-4b6a-8c0d-1e2f3a4b5c61",
                        "BL Bo Lindqvist",
                        "AE Ada Example",
                        "Held end",
                        "Commands");
        assertThat(browser.list("return [...document.querySelectorAll('.tracks .bar')].map(bar => bar.classList[1])"))
                .containsExactly("flow", "queue", "queue", "declined", "agent", "acw", "agent", "held");
        assertThat(browser.texts("section[aria-labelledby=took-part] tbody tr")).hasSize(7);
        assertThat(browser.text("section[aria-labelledby=decided] tbody tr:nth-child(9)"))
                .contains("agent-started row 3", "agent-updated agent-started", "Ada Example", "user.start 09:11:20");

        // When
        browser.back();

        // Then
        awaitThat(() -> assertThat(browser.text("h1")).isEqualTo("Open handovers"));
    }

    @Test
    void shouldFindAConversation() {
        // Given
        browser.open(api.address());

        // When
        browser.find("#search input").sendKeys(" unknown/one ", Keys.ENTER);

        // Then
        awaitThat(() -> assertThat(browser.text("main")).isEqualTo("The conversation is unknown."));
        assertThat(browser.address()).endsWith("#/conversation/unknown%2Fone");

        // When
        browser.find("#search input").sendKeys(FakeApi.CONVERSATION, Keys.ENTER);

        // Then
        awaitThat(() -> assertThat(browser.text("h1")).isEqualTo(FakeApi.CONVERSATION));
    }

    @Test
    void shouldCountDownByTheClockOfTheServer() {
        // Given
        browser.open(api.address() + CONVERSATION);
        awaitThat(() -> assertThat(browser.text(".state .countdown")).matches("in 1 min \\d+ s"));

        // When
        api.advance(Duration.ofSeconds(60));

        // Then
        awaitThat(() -> assertThat(browser.text(".state .countdown")).matches("in [23]\\d s"));

        // When
        api.advance(Duration.ofSeconds(60));

        // Then
        awaitThat(() -> assertThat(browser.text(".state .countdown")).isEqualTo("any moment"));
    }

    @Test
    void shouldShowTextFromOutsideAsText() {
        // Given
        String longId = "x".repeat(10_000);
        JsonObject conversation = FakeApi.document("conversation").put("conversationId", MARKUP);
        conversation
                .getJsonObject("announced")
                .put("name", MARKUP)
                .put("imageUrl", "javascript:document.title='taken'");
        conversation.getJsonObject("customer").put("userId", longId);
        conversation
                .getJsonArray("agents")
                .getJsonObject(3)
                .put("name", TURNED)
                .put("imageUrl", "http://127.0.0.1/a.png");
        conversation.getJsonArray("agents").getJsonObject(2).put("name", MARKUP);
        conversation
                .getJsonArray("recent")
                .getJsonObject(0)
                .put("topic", MARKUP)
                .put("outcome", MARKUP);
        api.answer("/conversations/" + encoded(MARKUP), conversation);
        JsonObject open = FakeApi.document("open");
        open.getJsonArray("items")
                .getJsonObject(0)
                .put("conversationId", longId)
                .put("name", TURNED);
        open.getJsonArray("items")
                .getJsonObject(1)
                .put("conversationId", MARKUP)
                .put("name", MARKUP);
        api.answer("/handovers/open", open);
        JsonObject instances = FakeApi.document("instances");
        instances
                .getJsonArray("instances")
                .getJsonObject(0)
                .put("instance", MARKUP)
                .put("ready", false)
                .put("reason", MARKUP);
        api.answer("/instances", instances);

        for (String place : List.of("", "#/conversation/" + encoded(MARKUP), "#/installation")) {
            for (int width : List.of(1180, 360)) {
                // When
                browser.resize(width, 900, "light");
                browser.open(api.address() + place);

                // Then
                awaitThat(() -> assertThat(browser.text("main")).contains(MARKUP));
                assertThat(browser.list("return [...document.images].map(image => image.src)"))
                        .allMatch("https://pictures.example/ada.svg"::equals);
                assertThat(browser.run("return document.title").toString()).endsWith("· Handover");
                assertThat(browser.run(WIDER_THAN_THE_WINDOW)).isEqualTo(0L);
                assertThat(browser.console()).isEmpty();
            }
        }
    }

    @Test
    void shouldShowAConversationWithALongId() {
        // Given
        String longId = "ß".repeat(5_000);
        api.answer(
                "/conversations/" + encoded(longId),
                FakeApi.document("conversation").put("conversationId", longId));

        // When
        browser.open(api.address() + "#/conversation/" + encoded(longId));

        // Then
        awaitThat(() -> assertThat(browser.text("h1")).isEqualTo(longId));
        assertThat(browser.run(WIDER_THAN_THE_WINDOW)).isEqualTo(0L);
        assertThat(browser.console()).isEmpty();
    }

    @Test
    void shouldShowPicturesAndInitialsWhereOneIsBroken() {
        // Given
        JsonObject conversation = FakeApi.document("conversation");
        conversation.getJsonArray("agents").getJsonObject(2).put("imageUrl", "https://nowhere.example/bo.png");
        api.answer("/conversations/" + FakeApi.CONVERSATION, conversation);

        // When
        browser.open(api.address() + CONVERSATION);

        // Then
        awaitThat(() -> assertThat(browser.list(
                        "return [...new Set([...document.images].map(image => image.src + ' ' + image.naturalWidth))]"))
                .containsExactly("https://pictures.example/ada.svg 150"));
        assertThat(browser.texts(".lanes .agent")).contains("BL\nBo Lindqvist");
    }

    @Test
    void shouldSayThatTheServerIsSilent() {
        // Given
        browser.open(api.address());
        awaitThat(() -> assertThat(browser.text(".figures")).contains("128"));

        // When
        api.fallSilent();

        // Then
        awaitThat(() -> assertThat(browser.text("#banner")).contains("The server has fallen silent."));

        // When
        api.mend();
        browser.click("#banner button");

        // Then
        awaitThat(() -> assertThat(browser.find("#banner").isDisplayed()).isFalse());
    }

    @Test
    void shouldGiveItsStreamBackWhileItIsHidden() {
        // Given
        browser.open(api.address());
        awaitThat(() -> assertThat(api.streams()).isEqualTo(1));

        // When
        browser.hiddenWhile(() -> awaitThat(() -> assertThat(api.streams()).isEqualTo(0)));

        // Then
        awaitThat(() -> assertThat(api.streams()).isEqualTo(1));
        assertThat(browser.find("#banner").isDisplayed()).isFalse();
    }

    @Test
    void shouldShowTheInstallation() {
        // When
        browser.open(api.address() + "#/installation");

        // Then
        awaitThat(() -> assertThat(browser.text("main p"))
                .contains("2 of 2 instances answer. 4 partitions: 374.3/s, 1,842 records behind."));
        assertThat(browser.texts(".topology .name"))
                .hasSize(12)
                .contains("handover-events", "conversations", "clock-ticks");
        assertThat(browser.texts(".topology .edge")).hasSize(12);
        assertThat(browser.text("[aria-label=Partitions] tbody tr:nth-child(4)"))
                .isEqualTo("3 app-1.handover:8082 310.2/s 1,840 6 s 09:15:13 30 0 app-0.handover:8082");
        assertThat(browser.text("[aria-label=Instances] tbody tr:nth-child(2)"))
                .contains("app-1.handover:8082 ready 0.1.0 2026-03-02 08:07:00", "-3 ms 1 2, 3 0, 1");
    }

    @Test
    void shouldDrawTheTopologyFromTopToBottomOnAPhone() throws IOException {
        // Given
        browser.resize(360, 1400, "light");

        // When
        browser.open(api.address() + "#/installation");

        // Then
        awaitThat(() -> assertThat(browser.texts(".topology.down .name")).hasSize(12));
        assertThat(browser.texts(".topology .edge")).hasSize(12);
        assertThat(browser.run("const scroll = document.querySelector('.topology').parentElement;"
                        + " return scroll.scrollWidth - scroll.clientWidth"))
                .isEqualTo(0L);
        assertThat(browser.list(SMALL_TEXTS)).isEmpty();
        assertThat(browser.list(OVERLAPPING_NODES)).isEmpty();
        assertThat(browser.list(NODES_FROM_TOP_TO_BOTTOM))
                .startsWith("topic handover-events", "source events", "processor conversation")
                .containsSubsequence("sink commands", "topic handover-commands");
        assertThat(browser.list(TEXTS_ABOVE_THEIR_PICTURE)).isEmpty();
        browser.keepPicture(Path.of("target", "page-pictures", "topology-360-light.png"));

        // When
        browser.resize(1180, 900, "light");

        // Then
        awaitThat(() -> assertThat(browser.texts(".topology:not(.down) .name")).hasSize(12));
        assertThat(browser.list(OVERLAPPING_NODES)).isEmpty();
    }

    @Test
    void shouldNameWhoDoesNotAnswer() {
        // Given
        JsonArray unreachable = new JsonArray()
                .add(new JsonObject()
                        .put("instance", "app-1.handover:8082")
                        .put("partitions", new JsonArray().add(2).add(3)));
        browser.open(api.address());
        awaitThat(() -> assertThat(browser.text("main")).contains("Ada Example").doesNotContain("does not answer"));

        // When
        api.answer("/handovers/counts", FakeApi.document("counts").put("unreachable", unreachable));

        // Then
        awaitThat(() -> assertThat(browser.text(".problem"))
                .isEqualTo("app-1.handover:8082 does not answer for 2 partitions, missing here: 2, 3."));

        // When
        JsonObject instances = FakeApi.document("instances");
        instances
                .getJsonArray("instances")
                .set(
                        1,
                        new JsonObject()
                                .put("instance", "app-1.handover:8082")
                                .put("self", false)
                                .put("reachable", false)
                                .put(
                                        "partitions",
                                        new JsonArray()
                                                .add(new JsonObject().put("partition", 2))
                                                .add(new JsonObject().put("partition", 3)))
                                .put("standbys", new JsonArray()));
        api.answer("/instances", instances);
        browser.click("a[href='#/installation']");

        // Then
        awaitThat(() -> assertThat(browser.text("main > div > p"))
                .contains(
                        "1 of 2 instances answers. 4 partitions: 41.2/s, 2 records behind.",
                        "app-1.handover:8082 does not answer for 2 partitions, missing here: 2, 3."));
        assertThat(browser.texts(".topology text.kind")).contains("2: unknown", "3: unknown");
    }

    @Test
    void shouldSayWhenItIsNotUpToDateAndGoOn() {
        // Given
        browser.open(api.address());
        awaitThat(() -> assertThat(browser.text(".figures")).contains("128"));

        // When
        api.cut();

        // Then
        awaitThat(() -> assertThat(browser.text("#banner"))
                .matches("(?s)Not up to date since 09:\\d\\d:\\d\\d UTC: .*Try now"));

        // When
        api.answer("/handovers/counts", FakeApi.document("counts").put("open", 127));
        api.mend();

        // Then
        awaitThat(() -> assertThat(browser.text(".figures")).contains("127"));
        assertThat(browser.find("#banner").isDisplayed()).isFalse();
    }

    @Test
    void shouldSayAsOfWhenItsOldestAnswerIs() {
        // Given
        api.answer("/handovers/held", FakeApi.document("held").put("now", "T-60"));

        // When
        browser.open(api.address());

        // Then
        awaitThat(() -> assertThat(browser.text("main")).contains("As of 09:14:20 UTC."));
        awaitThat(() -> assertThat(browser.text("#clock")).startsWith("09:15:"));
        assertThat(api.cacheControls()).containsExactly("max-stale");
    }

    @Test
    void shouldNotCallAPauseAnOutage() {
        // Given
        browser.open(api.address());
        awaitThat(() -> assertThat(browser.text(".figures")).contains("128"));

        // When the pause is longer than the page waits for a silent server
        api.pause();
        await().atMost(Duration.ofSeconds(30)).until(() -> api.pauses() > 55);

        // Then
        assertThat(browser.find("#banner").isDisplayed()).isFalse();
        assertThat(browser.text("main")).containsPattern("As of 09:15:\\d\\d UTC\\.");
    }

    @Test
    void shouldSayWhyNothingIsShownWithoutTokens() {
        // Given
        JsonObject sentence = new JsonObject(FakeApi.error("Set management.read.tokens to serve this."));
        for (String path : List.of("/changes", "/handovers/counts", "/handovers/held", "/handovers/open")) {
            api.answer(path, 404, sentence);
        }

        // When
        browser.open(api.address());

        // Then
        awaitThat(() -> assertThat(browser.text("#banner"))
                .contains("Not up to date: Set management.read.tokens to serve this."));
        assertThat(browser.find("#token").isDisplayed()).isFalse();
    }

    @Test
    void shouldAskForTheTokenOnceAndAgainWhenItIsRefused() {
        // Given
        api.requireToken("first");
        browser.open(api.address());
        awaitThat(() -> assertThat(browser.find("#token").isDisplayed()).isTrue());

        // When
        browser.find("#token input").sendKeys("first", Keys.ENTER);

        // Then
        awaitThat(() -> assertThat(browser.text(".figures")).contains("128"));

        // When
        browser.open(api.address() + CONVERSATION);

        // Then
        awaitThat(() -> assertThat(browser.text("h1")).isEqualTo(FakeApi.CONVERSATION));
        assertThat(browser.find("#token").isDisplayed()).isFalse();

        // When
        api.requireToken("second");

        // Then
        awaitThat(() -> assertThat(browser.text("#token-problem")).isEqualTo("The token is unknown."));

        // When
        browser.find("#token input").sendKeys("second", Keys.ENTER);

        // Then
        awaitThat(() -> assertThat(browser.find("#token").isDisplayed()).isFalse());
        browser.click("a[href='#/installation']");
        awaitThat(() -> assertThat(browser.text("h1")).isEqualTo("Installation"));
        assertThat(browser.run("return localStorage.length")).isEqualTo(0L);
    }

    @Test
    void shouldEndAHandoverAndShowWhatBecameOfIt() {
        // Given
        String path = "/conversations/" + FakeApi.CONVERSATION + "/end";
        api.answer(
                path,
                503,
                new JsonObject(FakeApi.error("Kafka did not store the order in time. Send the same orderId again.")));
        browser.open(api.address() + CONVERSATION);
        awaitThat(() -> assertThat(browser.texts("main .buttons button"))
                .containsExactly("End handover 2…", "Hold no longer…"));

        // When
        browser.click("button[data-order=end]");

        // Then
        assertThat(browser.text("#order-effect"))
                .startsWith("The command handover-ended (operator) is sent for handover 2 of " + FakeApi.CONVERSATION);

        // When
        browser.find("#order input").sendKeys("Kim");
        browser.find("#order textarea").sendKeys("The customer called");
        browser.click("#order button[value=send]");

        // Then
        awaitThat(
                () -> assertThat(browser.text("#order-problem")).startsWith("Kafka did not store the order in time."));

        // When
        api.answer(
                path,
                202,
                new JsonObject().put("orderId", "the id").put("partition", 2).put("offset", 4711));
        browser.click("#order button[value=send]");

        // Then
        awaitThat(() ->
                assertThat(browser.text(".result")).contains("partition 2, offset 4711. Waiting for the decision"));
        assertThat(api.orders()).extracting(Order::path).containsExactly(path, path);
        JsonObject order = api.orders().get(0).body();
        assertThat(api.orders().get(1).body()).isEqualTo(order);
        assertThat(UUID.fromString(order.getString("orderId")).version()).isEqualTo(4);
        assertThat(order.copy())
                .isEqualTo(new JsonObject()
                        .put("operator", "Kim")
                        .put("reason", "The customer called")
                        .put("cycle", 2)
                        .put("orderId", order.getString("orderId")));

        // When
        JsonObject ended = FakeApi.document("conversation").put("open", false);
        ended.remove("held");
        ended.getJsonArray("recent")
                .add(new JsonObject()
                        .put("at", "T+2")
                        .put("eventTime", "T+2")
                        .put("topic", "operator.order")
                        .put("eventId", "the id")
                        .put("outcome", "operator-ended")
                        .put("row", 46)
                        .put(
                                "commands",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("type", "handover-ended")
                                                .put("conversationId", FakeApi.CONVERSATION)
                                                .put("cycle", 2)
                                                .put("occurredAt", "T+2")
                                                .put("decidedAt", "T+2")
                                                .put("reason", "operator")
                                                .put(
                                                        "evidence",
                                                        new JsonArray()
                                                                .add(new JsonObject()
                                                                        .put("topic", "operator.order")
                                                                        .put("eventId", "the id")
                                                                        .put("eventTime", "T+2"))))));
        api.answer("/conversations/" + FakeApi.CONVERSATION, ended);

        // Then
        awaitThat(() -> assertThat(browser.text(".result"))
                .contains("operator-ended, handover-ended was sent at 2026-03-02 09:15:22"));
        assertThat(browser.text(".state")).startsWith("No handover is open.");
        assertThat(browser.texts("main .buttons button")).isEmpty();
    }

    @Test
    void shouldReleaseAHoldAndForgetAnAgent() {
        // Given
        String agent = "5c7e9a1b-3d2f-4b6a-8c0d-1e2f3a4b5c61";
        api.answer(
                "/conversations/" + FakeApi.CONVERSATION + "/release",
                403,
                new JsonObject(FakeApi.error("Set management.steer.tokens to steer.")));
        api.answer(
                "/agents/" + agent + "/forget",
                202,
                new JsonObject().put("orderId", "the id").put("partitions", 4));
        browser.open(api.address() + CONVERSATION);
        awaitThat(() -> assertThat(browser.text("main")).contains("Hold no longer"));

        // When
        browser.click("button[data-order=release]");
        browser.find("#order textarea").sendKeys("Nobody comes");
        if (String.valueOf(browser.find("#order input").getAttribute("value")).isEmpty()) {
            browser.find("#order input").sendKeys("Kim");
        }
        browser.click("#order button[value=send]");

        // Then
        awaitThat(() -> assertThat(browser.text("#order-problem")).isEqualTo("Set management.steer.tokens to steer."));
        assertThat(browser.text("#order-effect")).startsWith("The held end of handover 2");

        // When
        browser.press(Keys.ESCAPE);
        browser.click("button[data-agent='" + agent + "']");
        browser.find("#order textarea").sendKeys("She asked for it");
        browser.click("#order button[value=send]");

        // Then
        awaitThat(() -> assertThat(browser.text(".result")).contains("stored in 4 partitions"));
        assertThat(api.orders().get(1).body().fieldNames()).containsExactlyInAnyOrder("operator", "reason", "orderId");
    }

    @Test
    void shouldBeUsableWithTheKeyboard() {
        // Given
        browser.open(api.address());
        awaitThat(() -> assertThat(browser.text("main")).contains("Ada Example"));

        // When
        browser.press(Keys.TAB);

        // Then
        assertThat(browser.focused()).isEqualTo("Skip to the content");
        assertThat(browser.run("return getComputedStyle(document.activeElement).outlineStyle"))
                .isEqualTo("solid");

        // When
        browser.press(Keys.ENTER);
        browser.press(Keys.TAB);
        browser.press(Keys.TAB);

        // Then
        assertThat(browser.focused()).isEqualTo(FakeApi.CONVERSATION);

        // When
        JsonObject held = FakeApi.document("held");
        held.getJsonArray("items")
                .add(0, held.getJsonArray("items").getJsonObject(2).copy().put("conversationId", "one before"));
        api.answer("/handovers/held", held);

        // Then
        awaitThat(() -> assertThat(browser.text("main")).contains("one before"));
        assertThat(browser.focused()).isEqualTo(FakeApi.CONVERSATION);

        // When
        browser.press(Keys.ENTER);

        // Then
        awaitThat(() -> assertThat(browser.text("h1")).isEqualTo(FakeApi.CONVERSATION));
        assertThat(browser.run("return document.activeElement.id")).isEqualTo("content");
    }

    private static void awaitThat(ThrowingRunnable assertion) {
        await().atMost(Duration.ofSeconds(15)).untilAsserted(assertion);
    }

    /** As the browser encodes a part of a path. */
    private static String encoded(String text) {
        return String.valueOf(browser.run("return encodeURIComponent(arguments[0])", text));
    }
}
