package io.madang.gateway.edge.sockjs.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.gateway.edge.sockjs.session.Opening;
import io.madang.gateway.edge.sockjs.session.Reception;
import io.madang.gateway.edge.sockjs.text.Wrapping;
import io.madang.gateway.identity.Credential;
import io.madang.runtime.config.Secret;
import io.madang.runtime.topic.Payload;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WordCodecTest {
  static Stream<Word> words() {
    Secret secret = new Secret("s");
    Stream<Opening> openings = Stream.of(
        new Opening(Optional.empty(), "::1"),
        new Opening(Optional.of(new Credential.Bearer(secret)), "1.2.3.4"),
        new Opening(Optional.of(new Credential.Ticket(secret)), "1.2.3.4"),
        new Opening(Optional.of(new Credential.Cookie(secret)), "1.2.3.4"));
    Opening nobody = new Opening(Optional.empty(), "a");
    Stream<Reception> receptions = Stream.of(
        Reception.ofOneFrame(new Wrapping.Line()),
        Reception.ofOneFrame(new Wrapping.Call("_jp.abc")),
        new Reception(new Wrapping.Event(), 4_096),
        new Reception(new Wrapping.Script(), 4_096));
    return Stream.of(
            openings.map(opening -> (Word) new Word.Receive(
                1 << 20, "/b", "방", opening, Reception.ofOneFrame(new Wrapping.Line()), 3)),
            receptions.map(
                reception -> (Word) new Word.Receive(7, "/b", "s", nobody, reception, 0)),
            Stream.of(
                new Word.Taken(1, "/b", "s", 9),
                new Word.Gone(1, "/b", "s"),
                new Word.Deliver(1, "/b", "s", nobody, List.of("", "안녕 😀", "half \ud83d of")),
                new Word.Frame(1, 2, Payload.ofJson("a[]")),
                new Word.End(1, 2),
                new Word.Patience(1),
                new Word.Lost(1),
                new Word.Delivered(1, true)))
        .flatMap(each -> each);
  }

  @ParameterizedTest
  @MethodSource("words")
  void a_word_is_the_same_on_the_other_side(Word word) {
    assertThat(WordCodec.decode(WordCodec.encode(word))).isEqualTo(word);
  }

  @Test
  void every_word_is_tried() {
    Set<Class<?>> tried = words().map(Object::getClass).collect(Collectors.toSet());
    for (Class<?> side : Word.class.getPermittedSubclasses()) {
      assertThat(Arrays.asList(side.getPermittedSubclasses())).allMatch(tried::contains);
    }
  }

  @ParameterizedTest
  @MethodSource("words")
  void what_is_cut_short_is_no_word(Word word) {
    byte[] whole = WordCodec.encode(word).utf8();

    assertThatThrownBy(() -> WordCodec.decode(Payload.wrap(Arrays.copyOf(whole, whole.length - 1))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> WordCodec.decode(Payload.wrap(new byte[] {99, 0, 0, 0, 0, 0, 0, 0, 0})))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
