package io.madang.gateway.edge.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.runtime.topic.Payload;
import java.util.Arrays;
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
    Payload request = Payload.wrap(new byte[] {0, -1, 30});
    return Stream.of(
        new Word.Receive(1 << 20, "/b", "방", request, 3),
        new Word.Taken(1, "/b", "s", 9),
        new Word.Gone(1, "/b", "s"),
        new Word.Deliver(1, "/b", "s", request),
        new Word.Frame(1, 2, Payload.ofJson("a[]")),
        new Word.End(1, 2, 204),
        new Word.Patience(1),
        new Word.Lost(1),
        new Word.Delivered(1, 404));
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
