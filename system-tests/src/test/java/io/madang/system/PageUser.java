package io.madang.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.WebSocketFrame;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A person at the page in a browser of their own, who reads and presses what stands there. Remembers every frame the gateway
 * sent, and everything the browser complained of. Used by one thread.
 */
final class PageUser implements AutoCloseable {
  /** For what takes some work: signing in, coming back. A busy machine with seven JVMs may take its time. */
  private static final double PATIENCE_MS = 20_000;

  /** Violations of the content security policy that are only reported would otherwise be silent. */
  private static final String TELL_VIOLATIONS = """
      document.addEventListener('securitypolicyviolation', (event) =>
        console.error(`content security policy: ${event.violatedDirective} ${event.blockedURI}`));
      """;

  private final BrowserContext context;
  private final Page page;
  private final List<String> frames = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();

  PageUser(BrowserContext context, String address) {
    this.context = context;
    context.setDefaultTimeout(PATIENCE_MS);
    context.addInitScript(TELL_VIOLATIONS);
    this.page = context.newPage();
    page.onConsoleMessage(message -> {
      if (message.type().equals("error") || message.type().equals("warning")) {
        complaints.add(message.type() + ": " + message.text());
      }
    });
    page.onPageError(error -> complaints.add("uncaught: " + error));
    page.onRequestFailed(
        request -> complaints.add("failed: " + request.url() + " " + request.failure()));
    page.onResponse(response -> {
      if (response.status() >= 400) {
        complaints.add("answered " + response.status() + ": " + response.url());
      }
    });
    page.onWebSocket(socket -> socket.onFrameReceived(this::onFrame));
    page.navigate(address);
  }

  private void onFrame(WebSocketFrame frame) {
    frames.add(frame.text());
  }

  // Signing in.

  PageUser comesInAsGuest(String name) {
    page.getByLabel("Name").fill(name);
    button("Come in").click();
    return seesLive();
  }

  PageUser makesAccount(String name, String password) {
    page.getByRole(AriaRole.TAB, named("New account")).click();
    return entersPassword(name, password, "Create account");
  }

  PageUser signsIn(String name, String password) {
    page.getByRole(AriaRole.TAB, named("Sign in")).click();
    return entersPassword(name, password, "Sign in");
  }

  private PageUser entersPassword(String name, String password, String action) {
    page.getByLabel("Name").fill(name);
    page.getByLabel("Password").fill(password);
    button(action).click();
    return seesLive();
  }

  void signsOut() {
    button("Sign out").click();
    assertThat(page.getByLabel("Name")).isVisible();
  }

  /** Connected, and everything that was asked for has come. */
  PageUser seesLive() {
    assertThat(page.locator(".desk[data-phase=live]")).isVisible(patiently());
    return this;
  }

  void seesTheConnectionLost() {
    assertThat(page.locator(".desk:not([data-phase=live])")).isVisible(patiently());
  }

  void reloads() {
    page.reload();
    seesLive();
  }

  // Rooms.

  void makesRoom(String room, String title) {
    button("New room").click();
    Locator dialog = page.getByRole(AriaRole.DIALOG);
    dialog.getByLabel("Name", exactly()).fill(room);
    dialog.getByLabel("Title", exactly()).fill(title);
    button("Create room").click();
    seesRoom(title);
  }

  void joinsRoom(String room, String title) {
    button("Join a room by its name").click();
    Locator dialog = page.getByRole(AriaRole.DIALOG);
    dialog.getByLabel("Name", exactly()).fill(room);
    dialog
        .getByRole(
            AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Join").setExact(true))
        .click();
    seesRoom(title);
  }

  /** Opens a place of the list at the side. */
  void opens(String place) {
    page.getByRole(AriaRole.NAVIGATION)
        .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(place))
        .click();
  }

  void opensNumbers() {
    button("Live numbers").click();
  }

  void seesRoom(String title) {
    assertThat(page.getByRole(
            AriaRole.HEADING, new Page.GetByRoleOptions().setName(title).setLevel(1)))
        .isVisible(patiently());
  }

  // Talking.

  void types(String text) {
    page.getByRole(AriaRole.TEXTBOX, named("Message")).fill(text);
  }

  void says(String text) {
    types(text);
    button("Send").click();
  }

  void reads(String text) {
    assertThat(page.locator("main").getByText(text, new Locator.GetByTextOptions().setExact(true)))
        .isVisible(patiently());
  }

  void readsSomething(String text) {
    assertThat(page.getByText(text).first()).isVisible(patiently());
  }

  void readsNoMore(String text) {
    assertThat(page.getByText(text))
        .isHidden(new LocatorAssertions.IsHiddenOptions().setTimeout(PATIENCE_MS));
  }

  // People.

  void seesHere(String person) {
    assertThat(here(person)).isVisible(patiently());
  }

  void seesNotHere(String person) {
    assertThat(here(person))
        .isHidden(new LocatorAssertions.IsHiddenOptions().setTimeout(PATIENCE_MS));
  }

  private Locator here(String person) {
    return page.getByRole(AriaRole.REGION, named("Here now"))
        .getByText(person, new Locator.GetByTextOptions().setExact(true));
  }

  // Notifications.

  void isNotified(int unread, String title) {
    Locator bell = button("Notifications, " + unread + " unread");
    assertThat(bell).isVisible(patiently());
    bell.click();
    Locator list = page.getByRole(AriaRole.DIALOG, named("Notifications"));
    assertThat(list.getByText(title)).isVisible(patiently());
  }

  /** Goes where the notification leads. */
  void follows(String title) {
    page.getByRole(AriaRole.DIALOG, named("Notifications")).getByText(title).click();
  }

  void hasNothingUnread() {
    assertThat(button("Notifications")).isVisible(patiently());
  }

  // Numbers.

  /** What the cards show at one moment, by title: the lines of each, its parts included. */
  Map<String, List<String>> cards() {
    return page.getByRole(AriaRole.ARTICLE).allInnerTexts().stream()
        .map(text -> text.lines().toList())
        .collect(Collectors.toMap(lines -> lines.get(0), lines -> lines));
  }

  // What happened behind the page.

  /** Every message of the gateway so far. */
  List<String> frames() {
    return List.copyOf(frames);
  }

  /** Errors and warnings of the console, uncaught errors, policy violations, failed and refused requests. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  void forgetComplaints() {
    complaints.clear();
  }

  /** Closes the tab, as a person does. */
  void leaves() {
    page.close();
  }

  @Override
  public void close() {
    context.close();
  }

  private Locator button(String name) {
    return page.getByRole(AriaRole.BUTTON, named(name));
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }

  private static Locator.GetByLabelOptions exactly() {
    return new Locator.GetByLabelOptions().setExact(true);
  }

  private static LocatorAssertions.IsVisibleOptions patiently() {
    return new LocatorAssertions.IsVisibleOptions().setTimeout(PATIENCE_MS);
  }
}
