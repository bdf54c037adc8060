package io.madang.system;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import java.util.List;

/** A page with an EventSource of the browser's own. Used by one thread. */
final class EventSourcePage implements AutoCloseable {
  private static final String LISTEN = """
      (address) => {
        window.heard = [];
        window.opened = 0;
        window.source = new EventSource(address);
        const hear = (event) => window.heard.push(event.data);
        for (const kind of ["message", "subscribed", "gap", "unsubscribed", "problem", "disconnect"]) {
          window.source.addEventListener(kind, hear);
        }
        window.source.addEventListener("open", () => window.opened++);
      }
      """;

  private final BrowserContext context;
  private final Page page;

  /** @param page of the gateways', whose origin the stream has */
  EventSourcePage(BrowserContext context, String page) {
    this.context = context;
    this.page = context.newPage();
    this.page.navigate(page);
  }

  void listenTo(String address) {
    page.evaluate(LISTEN, address);
  }

  /** The data of all events so far. */
  @SuppressWarnings("unchecked") // what the page keeps is a list of strings
  List<String> heard() {
    return (List<String>) page.evaluate("() => window.heard");
  }

  /** How often the browser opened the stream. */
  int opened() {
    return ((Number) page.evaluate("() => window.opened")).intValue();
  }

  /** Whether the browser has given it up, or been told to. */
  boolean isOver() {
    return ((Number) page.evaluate("() => window.source.readyState")).intValue() == 2;
  }

  @Override
  public void close() {
    context.close();
  }
}
