package io.madang.system;

import io.madang.client.TopicListener;
import io.madang.protocol.frame.ServerFrame.Publication;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.json.RawJson;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;

/** Who is in a room, as one listener to {@code presence:<room>} is told. Written by its client's thread. */
class People implements TopicListener {
  private static final Duration TOLD_WITHIN = Duration.ofSeconds(20);
  private static final Pattern NAME = Pattern.compile("\"name\"\\s*:\\s*\"([^\"]+)\"");

  /** Guarded by this. */
  private final Set<String> present = new TreeSet<>();

  /** Who was ever said to have gone; guarded by this. */
  private final Set<String> gone = new TreeSet<>();

  @Override
  public synchronized void publication(Publication publication) {
    Set<String> named = named(publication.data());
    if (publication.event().equals("departed")) {
      present.removeAll(named);
      gone.addAll(named);
    } else {
      present.addAll(named);
    }
  }

  @Override
  public synchronized void snapshot(StreamPosition position, Optional<RawJson> snapshot) {
    present.clear();
    snapshot.ifPresent(people -> present.addAll(named(people)));
  }

  private static Set<String> named(RawJson json) {
    Set<String> names = new TreeSet<>();
    Matcher name = NAME.matcher(json.toString());
    while (name.find()) {
      names.add(name.group(1));
    }
    return names;
  }

  synchronized Set<String> present() {
    return Set.copyOf(present);
  }

  synchronized Set<String> gone() {
    return Set.copyOf(gone);
  }

  void awaitPresent(String name) {
    Awaitility.await(name + " is there")
        .atMost(TOLD_WITHIN)
        .until(() -> present().contains(name));
  }

  void awaitAbsent(String name) {
    Awaitility.await(name + " is gone")
        .atMost(TOLD_WITHIN)
        .until(() -> !present().contains(name));
  }
}
