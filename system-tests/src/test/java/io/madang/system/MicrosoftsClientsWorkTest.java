package io.madang.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import io.madang.system.signalr.ClientKind;
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

  private static final String GARBAGE = "{\"type\":1,\"target\":\u001e";

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
      client.sendBytes(GARBAGE);

      assertThat(client.awaitClosed()).isPresent();
    });
  }
}
