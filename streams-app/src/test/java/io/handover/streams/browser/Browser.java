package io.handover.streams.browser;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.stream.Collectors;
import org.openqa.selenium.By;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LoggingPreferences;

/** Debian's Chromium without a window. */
public final class Browser implements AutoCloseable {

    /** More often than a page of a test replaces an element in a row. */
    private static final int ATTEMPTS = 20;

    private final ChromeDriver driver;

    /**
     * Starts the browser.
     *
     * @param pictures the port of this computer that is {@code https://pictures.example}. No other name is found
     */
    public Browser(Path profile, int pictures) {
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
                "--hide-scrollbars",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-quic",
                "--host-resolver-rules=MAP pictures.example 127.0.0.1:" + pictures
                        + ", MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
                "--ignore-certificate-errors",
                "--user-data-dir=" + profile);
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        // Without its path, Selenium would look for a driver and download one.
                        .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                        .usingAnyFreePort()
                        .build(),
                options);
        driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(10));
    }

    public void resize(int width, int height, String scheme) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(
                                Map.of("name", "prefers-color-scheme", "value", scheme),
                                Map.of("name", "prefers-reduced-motion", "value", "reduce"))));
    }

    /** Opens an address afresh, also where only its fragment differs from the one that is open. */
    public void open(String address) {
        driver.get("about:blank");
        driver.manage().logs().get("browser");
        driver.get(address);
    }

    /** Opens another tab in front, so that the page is hidden, and closes it after the action. */
    public void hiddenWhile(Runnable action) {
        String page = driver.getWindowHandle();
        driver.switchTo().newWindow(WindowType.TAB);
        try {
            action.run();
        } finally {
            driver.close();
            driver.switchTo().window(page);
        }
    }

    public void back() {
        driver.navigate().back();
    }

    public String address() {
        return Objects.requireNonNull(driver.getCurrentUrl());
    }

    public WebElement find(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    /** Clicks on the element. If the page replaces it before the click, it is searched for again. */
    public void click(String selector) {
        onElementsOfNow(() -> {
            find(selector).click();
            return selector;
        });
    }

    /** Returns the texts of the elements that are there now, also where the page replaces elements meanwhile. */
    public List<String> texts(String selector) {
        return onElementsOfNow(() -> driver.findElements(By.cssSelector(selector)).stream()
                .map(WebElement::getText)
                .collect(Collectors.toList()));
    }

    public String text(String selector) {
        return String.join("\n", texts(selector));
    }

    public void press(CharSequence keys) {
        driver.switchTo().activeElement().sendKeys(keys);
    }

    public String focused() {
        return String.valueOf(run("return document.activeElement.textContent.trim() || document.activeElement.id"));
    }

    public Object run(String script, Object... arguments) {
        return Objects.requireNonNullElse(driver.executeScript(script, arguments), "");
    }

    @SuppressWarnings("unchecked")
    public List<Object> list(String script) {
        return (List<Object>) Objects.requireNonNull(driver.executeScript(script));
    }

    /** What the console says since it was asked last, errors and refusals of the security policy among it. */
    public List<String> console() {
        return driver.manage().logs().get("browser").getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    public void keepPicture(Path file) throws IOException {
        Map<String, Object> picture = driver.executeCdpCommand("Page.captureScreenshot", Map.of("format", "png"));
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(String.valueOf(picture.get("data"))));
    }

    private static <T> T onElementsOfNow(Supplier<T> action) {
        for (int attempt = 1; ; attempt++) {
            try {
                return action.get();
            } catch (StaleElementReferenceException replaced) {
                // A page that keeps itself up to date replaces elements between the search for them and their use.
                if (attempt == ATTEMPTS) {
                    throw replaced;
                }
            }
        }
    }

    @Override
    public void close() {
        driver.quit();
    }
}
