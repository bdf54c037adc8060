package io.madang.system.traffic;

import io.madang.protocol.frame.StreamPosition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Compares what clients were told with what was committed. For one thread, one verdict each. */
public final class Checker {
  private static final int EXAMPLES_OF_A_KIND = 3;

  private final Committed committed;
  private final Map<String, Long> counts = new HashMap<>();
  private final List<String> examples = new ArrayList<>();

  private Checker(Committed committed) {
    this.committed = committed;
  }

  /**
   * Judges.
   *
   * @param answers commands answered as done, with the position the answer tells
   */
  public static Verdict check(
      Committed committed, Map<String, StreamPosition> answers, Collection<Account> accounts) {
    Checker checker = new Checker(committed);
    checker.commits(answers);
    accounts.forEach(checker::account);
    return new Verdict(
        checker.count("heard"),
        checker.count("lost"),
        checker.count("duplicated"),
        checker.count("reordered"),
        checker.count("phantom"),
        checker.count("hole"),
        checker.count("gap"),
        checker.count("unkept"),
        checker.count("doubled"),
        checker.count("misplaced"),
        checker.examples);
  }

  private long count(String kind) {
    return counts.getOrDefault(kind, 0L);
  }

  private void found(String kind, String what) {
    if (counts.merge(kind, 1L, Long::sum) <= EXAMPLES_OF_A_KIND) {
      examples.add(kind + ": " + what);
    }
  }

  private void commits(Map<String, StreamPosition> answers) {
    Map<String, StreamPosition> byCommand = new HashMap<>();
    committed
        .entries()
        .values()
        .forEach(entries -> entries.forEach(entry -> {
          if (!entry.command().equals(Committed.NO_COMMAND)
              && byCommand.put(entry.command(), entry.at()) != null) {
            found("doubled", entry.toString());
          }
        }));
    answers.forEach((command, answered) -> {
      StreamPosition kept = byCommand.get(command);
      if (kept == null) {
        found("unkept", command);
      } else if (kept.offset() != answered.offset()) {
        found("misplaced", "%s answered %s, kept at %s".formatted(command, answered, kept));
      }
    });
  }

  private void account(Account account) {
    View view = new View(account);
    for (Told told : account.told()) {
      if (told instanceof Told.Heard heard) {
        view.heard(heard);
      } else if (told instanceof Told.Gap gap) {
        view.gap(gap);
      } else if (told instanceof Told.Snapshot snapshot) {
        view.snapshot(snapshot);
      }
    }
    view.end();
  }

  /** What one client knows of one topic at a time. */
  private final class View {
    private final String name;
    private final Map<StreamPosition, String> commands = new HashMap<>();
    private final List<Committed.Entry> expected;

    /** Heard since the last snapshot. */
    private final Set<StreamPosition> heard = new HashSet<>();

    /** Everything that a snapshot, a gap or a publication accounts for. */
    private final Set<StreamPosition> accounted = new HashSet<>();

    /** Lives the client was told of, with the offset up to which a snapshot told them. */
    private final Map<String, Long> lives = new HashMap<>();

    /** Offset of the newest publication heard since the snapshot, or before the first the snapshot's; empty at first. */
    private Optional<StreamPosition> last = Optional.empty();

    /** Whether only a snapshot was told since the beginning or the last gap. */
    private boolean fresh = true;

    View(Account account) {
      this.name = account.client() + " in " + account.topic();
      this.expected = committed.of(account.topic());
      expected.forEach(entry -> commands.put(entry.at(), entry.command()));
    }

    void snapshot(Told.Snapshot snapshot) {
      lives.merge(snapshot.at().epoch(), snapshot.at().offset(), Math::max);
      heard.clear();
      last = Optional.of(snapshot.at());
      fresh = true;
    }

    void gap(Told.Gap gap) {
      found("gap", "%s from %s to %s".formatted(name, gap.from(), gap.to()));
      boolean sameLife = gap.from().epoch().equals(gap.to().epoch());
      expected.stream()
          .map(Committed.Entry::at)
          .filter(at -> at.epoch().equals(gap.from().epoch()))
          .filter(at -> at.offset() > gap.from().offset())
          .filter(at -> !sameLife || at.offset() <= gap.to().offset())
          .forEach(accounted::add);
    }

    void heard(Told.Heard one) {
      counts.merge("heard", 1L, Long::sum);
      StreamPosition at = one.at();
      if (!one.command().equals(commands.get(at))) {
        found("phantom", "%s: %s, committed is %s".formatted(name, one, commands.get(at)));
      }
      accounted.add(at);
      if (!heard.add(at)) {
        found("duplicated", "%s: %s".formatted(name, one));
        return;
      }
      boolean withTheSnapshot = fresh && isTold(at);
      fresh = false;
      if (withTheSnapshot) {
        // Publications may come with a snapshot, which tells of what lies before them too.
        last = Optional.of(at);
        return;
      }
      boolean sameLife = last.map(before -> before.epoch().equals(at.epoch())).orElse(false);
      if (!sameLife) {
        found("hole", "%s: %s begins a life that nothing was told of".formatted(name, one));
        lives.putIfAbsent(at.epoch(), one.prev());
        last = Optional.of(at);
        return;
      }
      long known = Math.max(last.get().offset(), told(at.epoch()));
      if (at.offset() < last.get().offset()) {
        found("reordered", "%s: %s after %s".formatted(name, one, last.get()));
        return;
      }
      if (one.prev() > known) {
        found("hole", "%s: %s after %s".formatted(name, one, last.get()));
      }
      last = Optional.of(at);
    }

    private long told(String epoch) {
      return lives.getOrDefault(epoch, 0L);
    }

    private boolean isTold(StreamPosition at) {
      return at.offset() <= lives.getOrDefault(at.epoch(), -1L);
    }

    void end() {
      for (Committed.Entry entry : expected) {
        boolean known = lives.containsKey(entry.at().epoch());
        if (known && !isTold(entry.at()) && !accounted.contains(entry.at())) {
          found("lost", "%s: %s".formatted(name, entry));
        }
      }
    }
  }
}
