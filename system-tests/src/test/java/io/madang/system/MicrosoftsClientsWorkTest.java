package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import io.madang.system.signalr.ClientKind;
import io.madang.system.signalr.ClientKind.Protocol;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** {@code @microsoft/signalr} in six versions, over each transport, in each protocol. */
@Tag("cluster")
@DisplayNameGeneration(ReplaceUnderscores.class)
class MicrosoftsClientsWorkTest extends MicrosoftsClients {
  /** Above what one message of a client may have. */
  private static final int TOO_LONG = 40_000;

  /** A message that is cut off. */
  private static final String GARBAGE = "{\"type\":1,\"target\":\u001e";

  /** A message of one byte, which is no array. */
  private static final String PACKED_GARBAGE = "\u0001\u0000";

  MicrosoftsClientsWorkTest() {
    super(ClientKind.npm());
  }

  @Test
  void are_closed_with_a_reason_when_they_send_too_much_at_once() {
    crowd().each(client -> {
      CompletableFuture<JsonElement> unused = client.begin("SendMessage", "x".repeat(TOO_LONG));

      assertThat(client.awaitClosed()).isPresent();
    });
  }

  @Test
  void are_closed_with_a_reason_when_they_send_garbage() {
    crowd().each(client -> {
      client.sendBytes(client.kind().protocol() == Protocol.JSON ? GARBAGE : PACKED_GARBAGE);

      assertThat(client.awaitClosed()).isPresent();
    });
  }
}
