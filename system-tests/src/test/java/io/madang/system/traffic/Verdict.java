package io.madang.system.traffic;

import java.util.List;

/**
 * What was found, by kind.
 *
 * @param heard publications that clients heard, all together
 * @param lost committed after where a client began, not heard by it and in no gap it was told of
 * @param duplicated heard once more
 * @param reordered heard after a later one
 * @param phantom heard and not committed like that
 * @param holes heard although the one before it, as it says itself, was not
 * @param gaps ranges the mesh told a client it will not hear
 * @param unkept commands answered as done that left nothing in the log
 * @param doubled commands that left more than one entry in the log
 * @param misplaced commands answered with another offset than the log's
 * @param examples the first few of each, for people
 */
public record Verdict(
    long heard,
    long lost,
    long duplicated,
    long reordered,
    long phantom,
    long holes,
    long gaps,
    long unkept,
    long doubled,
    long misplaced,
    List<String> examples) {

  public Verdict {
    examples = List.copyOf(examples);
  }

  /** Nothing wrong; gaps are told openly and are for the test to judge. */
  public boolean isClean() {
    return lost + duplicated + reordered + phantom + holes + unkept + doubled + misplaced == 0;
  }

  /** Nothing wrong, and nothing left out. */
  public boolean isWhole() {
    return isClean() && gaps == 0;
  }
}
