package io.madang.runtime.topic;

/**
 * The name of a stream with one owner: a prefix that says whose it is, and an id, as in {@code room:dev}; a topic that
 * exists once has no id ({@code dashboard}).
 *
 * @param prefix 1 to 32 lower-case ASCII letters
 * @param id up to {@value #MAX_ID_CHARS} chars without control characters; empty for a topic that exists once
 */
public record Topic(String prefix, String id) implements Comparable<Topic> {
  public static final int MAX_ID_CHARS = 160;

  public Topic {
    if (!isPrefix(prefix)) {
      throw new IllegalArgumentException("a topic's prefix is 1 to 32 lower-case letters");
    }
    if (id.length() > MAX_ID_CHARS) {
      throw new IllegalArgumentException(
          "a topic's id has at most " + MAX_ID_CHARS + " characters");
    }
    if (id.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a topic's id has no control characters");
    }
  }

  /**
   * Reads {@code prefix:id} or {@code prefix}.
   *
   * @throws IllegalArgumentException with a sentence fit for the client when {@code name} is not a topic's name
   */
  public static Topic parse(String name) {
    int colon = name.indexOf(':');
    if (colon < 0) {
      return new Topic(name, "");
    }
    if (colon == name.length() - 1) {
      throw new IllegalArgumentException("a topic's name does not end with a colon");
    }
    return new Topic(name.substring(0, colon), name.substring(colon + 1));
  }

  private static boolean isPrefix(String text) {
    return !text.isEmpty()
        && text.length() <= 32
        && text.chars().allMatch(c -> c >= 'a' && c <= 'z');
  }

  /** The name as clients write it. */
  public String name() {
    return id.isEmpty() ? prefix : prefix + ":" + id;
  }

  @Override
  public int compareTo(Topic other) {
    int byPrefix = prefix.compareTo(other.prefix);
    return byPrefix != 0 ? byPrefix : id.compareTo(other.id);
  }

  @Override
  public String toString() {
    return name();
  }
}
