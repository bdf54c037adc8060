package io.madang.chat.people;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The @words of a text, which may be names or ids; the store decides whom they mean. */
public final class Mentions {
  /** More words than this in one text mention nobody. */
  public static final int MAX_WORDS = 20;

  private static final Pattern WORD =
      Pattern.compile("(?<![\\p{L}\\p{N}@])@([\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}_.:~-]{0,127})");

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Mentions() {}

  /** A JSON list of ids and name keys to look for; empty when the text mentions nobody. */
  public static Optional<String> in(String text) {
    if (text.indexOf('@') < 0) {
      return Optional.empty();
    }
    Set<String> words = new LinkedHashSet<>();
    Matcher matcher = WORD.matcher(text);
    for (int found = 0; found < MAX_WORDS && matcher.find(); found++) {
      String word = matcher.group(1);
      String bare = word.replaceFirst("[.:~_-]+$", "");
      words.add(word);
      words.add(bare);
      words.add(NameKey.of(bare));
    }
    return words.isEmpty() ? Optional.empty() : Optional.of(json(words));
  }

  private static String json(Set<String> words) {
    try {
      return MAPPER.writeValueAsString(words);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a list of texts can be written", e);
    }
  }
}
