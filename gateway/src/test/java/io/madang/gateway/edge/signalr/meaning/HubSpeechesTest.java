package io.madang.gateway.edge.signalr.meaning;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.gateway.edge.signalr.session.HubSpeech;
import io.madang.gateway.edge.signalr.wire.HubFormat;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.runtime.descriptor.hub.HubListener;
import io.madang.runtime.descriptor.hub.HubValue;
import io.madang.runtime.hub.Hub;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class HubSpeechesTest {
  private static final int CLIENTS = 1_000;

  private final Hub hub = new Hub(
      "h",
      List.of(),
      List.of(HubListener.of("log", "said", "Said", HubValue.member("text"))),
      List.of());

  /** How often it was looked up what is shown, which is once for each time that a publication is made. */
  private int made;

  private final HubSpeeches speeches = new HubSpeeches(path -> {
    made++;
    return Optional.of(hub);
  });

  private final SharedPublication said = new SharedPublication(Publication.ephemeral(
      Topic.parse("log:lobby"), "said", 0, Payload.ofJson("{\"text\":\"hi\"}")));

  private static HubFormat format(String name) {
    return HubFormat.named(name).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"json", "messagepack"})
  void a_publication_is_made_once_for_all_clients_of_one_protocol(String format) {
    byte[] first = speeches.of("h", format(format)).messages(said);
    assertThat(first).isNotEmpty();
    for (int i = 0; i < CLIENTS; i++) {
      HubSpeech speech = speeches.of("h", format(format));
      assertThat(speech.messages(said)).isSameAs(first);
      assertThat(speech.count(said)).isEqualTo(1);
      speech.frames().encode(List.of(said)).release();
    }

    assertThat(made).isEqualTo(1);
  }

  @Test
  void a_publication_is_made_in_each_protocol_and_for_each_hub_that_somebody_uses() {
    byte[] text = speeches.of("h", HubFormat.JSON).messages(said);
    byte[] packed = speeches.of("h", HubFormat.MESSAGE_PACK).messages(said);
    speeches.of("other", HubFormat.JSON).messages(said);

    assertThat(new String(text, StandardCharsets.UTF_8))
        .isEqualTo("{\"type\":1,\"target\":\"Said\",\"arguments\":[\"hi\"]}\u001e");
    assertThat(packed).isNotEqualTo(text);
    assertThat(made).isEqualTo(3);
  }
}
