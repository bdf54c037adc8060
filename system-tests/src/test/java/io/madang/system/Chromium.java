package io.madang.system;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The Chromium of this machine, without a window. Installs nothing; without one the test fails and says what to install. */
final class Chromium implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");

  private static final List<String> QUIET = List.of(
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync");

  private final Playwright playwright;
  private final Browser browser;

  private Chromium(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  static Chromium launch() {
    Path chromium = onPath(NAMES.stream())
        .orElseThrow(() -> new AssertionError(
            "This test needs Chromium and none is on the PATH; install it (Debian: sudo apt-get install chromium), or run"
                + " ./madang test --fast, which needs none."));
    Path node = onPath(Stream.of("node"))
        .orElseThrow(
            () -> new AssertionError(
                "This test needs Node 20 or newer and none is on the PATH; install it (nodejs.org, or Debian: nodejs npm)."));
    Playwright playwright = Playwright.create(new Playwright.CreateOptions()
        .setEnv(Map.of(
            "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1", "PLAYWRIGHT_NODEJS_PATH", node.toString())));
    try {
      return new Chromium(
          playwright,
          playwright
              .chromium()
              .launch(
                  new BrowserType.LaunchOptions().setExecutablePath(chromium).setArgs(QUIET)));
    } catch (RuntimeException e) {
      playwright.close();
      throw e;
    }
  }

  /** The first of these programs that is there. */
  private static Optional<Path> onPath(Stream<String> programs) {
    List<Path> folders = Stream.of(
            System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(Path::of)
        .toList();
    return programs
        .flatMap(program -> folders.stream().map(folder -> folder.resolve(program)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** A new browser of a person of their own, with nothing remembered. */
  PageUser user(String address) {
    return new PageUser(browser.newContext(), address);
  }

  /** A new browser with nothing remembered, for an event stream of the page's origin. */
  EventSourcePage eventSource(String page) {
    return new EventSourcePage(browser.newContext(), page);
  }

  /** A new browser for a test's own pages, with nothing remembered. */
  BrowserContext visitor() {
    return browser.newContext();
  }

  @Override
  public void close() {
    playwright.close();
  }
}
