package io.madang.runtime.health;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * The checks of one process. A check is cheap, answers at once from memory, and may be asked on any thread.
 */
public final class Health {
  private record Check(String name, Supplier<Optional<String>> problem) {}

  private final List<Check> checks = new CopyOnWriteArrayList<>();

  /** Adds a check that answers with what is wrong, one sentence, or with nothing. */
  public void readyWhen(String name, Supplier<Optional<String>> problem) {
    checks.add(new Check(name, problem));
  }

  /** What keeps the process from being ready, by check; empty when it is. */
  public Map<String, String> problems() {
    Map<String, String> problems = new TreeMap<>();
    for (Check check : checks) {
      check.problem().get().ifPresent(problem -> problems.put(check.name(), problem));
    }
    return problems;
  }

  public boolean isReady() {
    return problems().isEmpty();
  }
}
