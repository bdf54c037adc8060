package io.madang.chat.everyone;

import io.madang.chat.log.LogEntry;
import io.madang.contracts.chat.ChatEvent;
import io.madang.contracts.chat.ChatJson;
import io.madang.contracts.chat.ChatNames;
import io.madang.runtime.service.Publisher;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;

/**
 * Gathers messages of the lobby that were kept, and tells them together: when there are {@value ChatNames#MAX_QUEUED}, when they
 * are {@value #MAX_CHARS} characters, or {@value ChatNames#QUEUED_MS} ms after the first. A node that dies tells nothing of what it
 * gathered; the log has it. Touched on the service's event loop only.
 */
public final class Gathering {
  /** Characters of text in one publication, about; one message may have more alone. */
  static final int MAX_CHARS = 64 * 1024;

  private static final Topic LOBBY = new Topic(ChatNames.ROOM, ChatNames.LOBBY);
  private static final long NONE = -1;

  private final Vertx vertx;
  private final Publisher publisher;
  private List<ChatEvent.Gathered.Item> items = new ArrayList<>();

  /** Of the texts gathered. */
  private int chars;

  /** Of the next telling; {@value #NONE} while nothing is gathered. */
  private long timer = NONE;

  public Gathering(Vertx vertx, Publisher publisher) {
    this.vertx = vertx;
    this.publisher = publisher;
  }

  /** A message was kept. One that came again is told again, as it is everywhere. */
  public void add(LogEntry entry) {
    items.add(
        new ChatEvent.Gathered.Item(entry.messageId(), entry.by(), entry.text(), entry.time()));
    chars += entry.text().length();
    if (items.size() >= ChatNames.MAX_QUEUED || chars >= MAX_CHARS) {
      tell();
    } else if (timer == NONE) {
      timer = vertx.setTimer(ChatNames.QUEUED_MS, id -> tell());
    }
  }

  /** Tells what is gathered. */
  public void close() {
    if (!items.isEmpty()) {
      tell();
    }
  }

  private void tell() {
    vertx.cancelTimer(timer);
    timer = NONE;
    ChatEvent event = new ChatEvent.Gathered(items);
    items = new ArrayList<>();
    chars = 0;
    publisher.publish(Publication.ephemeral(
        LOBBY, event.event(), System.currentTimeMillis(), Payload.wrap(ChatJson.encode(event))));
  }
}
