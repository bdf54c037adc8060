package io.madang.chat;

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
