package io.madang.chat;

import io.madang.chat.sequencer.LaneLimits;
import io.madang.testkit.TestDatabase;
import io.madang.testkit.TestStores;
import io.vertx.core.Vertx;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** One database and one node for a whole class; each test takes rooms and users of its own. */
@TestInstance(Lifecycle.PER_CLASS)
abstract class ChatTest {
  final Vertx vertx = Vertx.vertx();
  final TestDatabase database = TestStores.createDatabase();
  ChatNode node;

  /** For names that no other test has. */
  private int named;

  ChatConfig config() {
    return ChatConfig.defaults().withPostgres(database.url());
  }

  /** The same with one lane, which takes commands in this way. */
  static ChatConfig withOneLane(ChatConfig base, LaneLimits lane) {
    return new ChatConfig(
        base.postgres(),
        1,
        lane,
        base.pool(),
        base.unreadEvery(),
        base.unreadMembers(),
        base.typingEvery(),
        base.recordedFor(),
        base.uploads(),
        base.storeWait());
  }

  @BeforeAll
  void startNode() {
    node = ChatNode.start(vertx, "chat-1", config());
  }

  @AfterAll
  void stopNode() {
    node.stop();
    ChatNode.get(vertx.close());
  }

  synchronized String name(String prefix) {
    named++;
    return prefix + named;
  }
}
