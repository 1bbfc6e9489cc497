package io.handover.history.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.handover.history.report.BacktestReport.Result;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToLongFunction;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LoggingPreferences;

/** The page in a real browser: wide and narrow, light and dark. */
class ReportPageIT {

    @TempDir
    static Path folder;

    private static ChromeDriver browser;

    private static final String REQUESTS = """
            return performance.getEntriesByType('resource').map(entry => entry.name)""";

    private static final String WIDER_THAN_THE_WINDOW = """
            return document.documentElement.scrollWidth - document.documentElement.clientWidth""";

    private static final String CHARTS_OUT_OF_SIGHT = """
            return [...document.querySelectorAll('svg')].filter(svg => {
              const box = svg.getBoundingClientRect();
              return box.width < 200 || box.height < 50 || box.left < 0 || box.right > innerWidth;
            }).map(svg => svg.getAttribute('aria-label'))""";

    private static final String TEXTS_OUT_OF_THEIR_CHART = """
            return [...document.querySelectorAll('svg text')].filter(text => {
              const box = text.getBoundingClientRect();
              const chart = text.ownerSVGElement.getBoundingClientRect();
              return box.left < chart.left - 1 || box.right > chart.right + 1
                  || box.top < chart.top - 1 || box.bottom > chart.bottom + 1;
            }).map(text => text.textContent)""";

    private static final String OVERLAPPING_TEXTS = """
            const overlapping = [];
            for (const svg of document.querySelectorAll('svg')) {
              const texts = [...svg.querySelectorAll('text')];
              texts.forEach((one, i) => texts.slice(i + 1).forEach(other => {
                const a = one.getBoundingClientRect(), b = other.getBoundingClientRect();
                const slack = 0.5;
                if (a.left + slack < b.right && b.left + slack < a.right
                    && a.top + slack < b.bottom - a.height * 0.2 && b.top + slack < a.bottom - a.height * 0.2) {
                  overlapping.push(one.textContent + ' | ' + other.textContent);
                }
              }));
            }
            return overlapping""";

    private static final String FAINT_TEXTS = """
            const channels = colour => {
              const [r, g, b, a] = colour.match(/[0-9.]+/g).map(Number);
              return {rgb: [r, g, b], alpha: a === undefined ? 1 : a};
            };
            const luminance = rgb => {
              const [r, g, b] = rgb.map(c => c / 255).map(c => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
              return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const contrast = (a, b) => {
              const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
              return (high + 0.05) / (low + 0.05);
            };
            const paper = channels(getComputedStyle(document.body).backgroundColor).rgb;
            const behind = text => {
              const a = text.getBoundingClientRect();
              const x = (a.left + a.right) / 2, y = (a.top + a.bottom) / 2;
              const bars = [...text.ownerSVGElement.querySelectorAll('rect')].filter(rect => {
                const b = rect.getBoundingClientRect();
                return b.left <= x && x <= b.right && b.top <= y && y <= b.bottom;
              });
              return bars.length ? channels(getComputedStyle(bars.pop()).fill).rgb : paper;
            };
            document.querySelectorAll('details').forEach(details => details.open = true);
            const faint = [];
            for (const element of document.querySelectorAll('body *')) {
              const own = [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim());
              if (!own || element.tagName === 'title') continue;
              const inChart = element.ownerSVGElement;
              const style = getComputedStyle(element);
              const found = contrast(channels(inChart ? style.fill : style.color).rgb, inChart ? behind(element) : paper);
              if (found < 4.5) faint.push(found.toFixed(2) + ' ' + element.textContent);
            }
            return faint""";

    @BeforeAll
    static void openBrowser() {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable("browser", Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        options.setCapability("goog:loggingPrefs", logs);
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-quic",
                "--user-data-dir=" + folder.resolve("profile"));
        browser = new ChromeDriver(
                new ChromeDriverService.Builder()
                        // Without its path, Selenium would look for a driver and download one.
                        .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                        .usingAnyFreePort()
                        .build(),
                options);
    }

    @AfterAll
    static void closeBrowser() {
        browser.quit();
    }

    static Stream<Arguments> pages() {
        Map<String, BacktestReport> reports = Map.of(
                "four settings", SampleReport.of(5, 10, 20, 60).report(),
                "one setting", SampleReport.of(10).report(),
                "twelve settings",
                        SampleReport.of(1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 60, 3_600)
                                .report(),
                "nothing delivered", SampleReport.empty().report(),
                "hostile names", SampleReport.of(5, 20).hostile().report(),
                "none too early",
                        SampleReport.of(900, 1_000)
                                .against(new AgainstResult("old.ndjson", 7, List.of(), 0, 0, 0))
                                .report());
        return reports.entrySet().stream()
                .flatMap(report -> Stream.of(1280, 390)
                        .flatMap(width -> Stream.of("light", "dark")
                                .map(scheme -> Arguments.of(report.getKey(), report.getValue(), width, scheme))));
    }

    @ParameterizedTest(name = "{0}, {2} wide, {3}")
    @MethodSource("pages")
    void shouldBeReadable(String name, BacktestReport report, int width, String scheme) throws IOException {
        // Given
        Path file = folder.resolve("report.html");
        ReportPage.write(report, file);
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 500));
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));

        // When
        browser.get(file.toUri().toString());

        // Then
        assertThat(browser.manage().logs().get("browser").getAll())
                .extracting(LogEntry::getMessage)
                .isEmpty();
        assertThat(found(REQUESTS)).isEmpty();
        assertThat(found(CHARTS_OUT_OF_SIGHT)).isEmpty();
        assertThat(found(TEXTS_OUT_OF_THEIR_CHART)).isEmpty();
        assertThat(found(OVERLAPPING_TEXTS)).isEmpty();
        assertThat(found(FAINT_TEXTS)).isEmpty();
        // The script before has opened all lists.
        assertThat(browser.executeScript(WIDER_THAN_THE_WINDOW)).isEqualTo(0L);
        assertThat(browser.executeScript("return document.querySelectorAll('script, img').length"))
                .isEqualTo(0L);
        assertThat(browser.executeScript("return getComputedStyle(document.body).backgroundColor"))
                .isEqualTo(scheme.equals("light") ? "rgb(255, 255, 255)" : "rgb(18, 23, 30)");
        assertThat(rows("#numbers tbody tr"))
                .isEqualTo(ReportRow.all(ReportView.of(report)).size());
        assertThat(rows("#premature tbody tr"))
                .isEqualTo(listed(
                        report.results(), result -> result.tally().premature.size()));
        assertThat(rows("#differences tbody tr"))
                .isEqualTo(listed(
                        report.results().subList(1, report.results().size()),
                        result -> result.tally().differences.size()));
        keepPicture(name + "-" + width + "-" + scheme);
    }

    @SuppressWarnings("unchecked")
    private static List<Object> found(String script) {
        return (List<Object>) Objects.requireNonNull(browser.executeScript(script));
    }

    private static long rows(String selector) {
        return (Long) Objects.requireNonNull(
                browser.executeScript("return document.querySelectorAll(arguments[0]).length", selector));
    }

    private static long listed(List<Result> results, ToLongFunction<Result> count) {
        return results.stream()
                .mapToLong(result -> Math.min(ReportPage.MAX_ROWS, count.applyAsLong(result)))
                .sum();
    }

    /** Saves a picture in {@code target/report-pictures}, for people. */
    private static void keepPicture(String name) throws IOException {
        browser.executeScript("document.querySelectorAll('details').forEach(details => details.open = false)");
        Map<String, Object> picture = browser.executeCdpCommand(
                "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
        Path pictures = Files.createDirectories(Path.of("target", "report-pictures"));
        Files.write(
                pictures.resolve(name.replace(' ', '-') + ".png"),
                Base64.getDecoder().decode(String.valueOf(picture.get("data"))));
    }
}
