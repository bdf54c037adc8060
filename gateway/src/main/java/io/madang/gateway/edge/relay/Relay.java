package io.madang.gateway.edge.relay;

import io.madang.gateway.limit.DeadlineWheel;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Context;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A gateway's part in the relay: hands each word to the event loop it is for. Safe on any thread: each loop writes its own place
 * once.
 */
public final class Relay {
  /** Ids of one gateway's requests have room for so many event loops. */
  static final int MAX_LOOPS = 1_024;

  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

  private final Line line;
  private final Map<String, Kind<?, ?>> kinds;
  private final AtomicReferenceArray<Place> loops;

  private record Place(Context loop, FrontRelay front, HomeRelay home) {}

  /** Conversations that are asked for alike, and those of them that live at this gateway. */
  private record Kind<Q, M>(Homes<Q, M> homes, RequestCodec<Q, M> codec) {
    void on(String from, Word.ToHome word, Place place) {
      place.home().on(from, word, homes.of(word.name(), place.loop()), codec);
    }
  }

  private Relay(Line line, Map<String, Kind<?, ?>> kinds, int loops) {
    this.line = line;
    this.kinds = Map.copyOf(kinds);
    this.loops = new AtomicReferenceArray<>(loops);
  }

  /** What a relay is for, until it is begun. */
  public static final class Plan {
    private final Map<String, Kind<?, ?>> kinds = new HashMap<>();

    /**
     * One kind of conversation more.
     *
     * @param kind its name, equal at all gateways
     * @param homes of those at this gateway
     */
    public <Q, M> Plan with(String kind, Homes<Q, M> homes, RequestCodec<Q, M> codec) {
      kinds.put(kind, new Kind<>(homes, codec));
      return this;
    }

    /** @param loops how many will move in */
    public Relay begin(Line line, int loops) {
      return new Relay(line, kinds, loops);
    }
  }

  /** A loop can be reached from now on; called on it. */
  public void movedIn(int number, Context loop, DeadlineWheel deadlines, LongSupplier clockMs) {
    loops.set(
        number,
        new Place(
            loop,
            new FrontRelay(number, line, deadlines, clockMs),
            new HomeRelay(line, deadlines, clockMs)));
  }

  /** Conversations of a kind at another gateway, for a loop that has moved in. */
  public <Q, M> Home<Q, M> elsewhere(
      int number, String kind, RequestCodec<Q, M> codec, String node) {
    return loops.get(number).front().home(kind, codec, node);
  }

  /** Another gateway said something; on any one thread. */
  public void heard(String from, Payload payload) {
    understood(from, () -> hear(from, WordCodec.decode(payload)));
  }

  private void hear(String from, Word word) {
    if (word instanceof Word.ToFront toFront) {
      hand((int) (word.id() % MAX_LOOPS), place -> place.front().on(toFront));
    } else {
      Word.ToHome toHome = (Word.ToHome) word;
      Kind<?, ?> kind = kinds.get(toHome.kind());
      if (kind != null) {
        hand(
            kind.homes().loopOf(toHome.name()),
            place -> understood(from, () -> kind.on(from, toHome, place)));
      }
    }
  }

  /** Other gateways are live than before: what waits for one that is not any more is told so. On any thread. */
  public void membersChanged() {
    for (int i = 0; i < loops.length(); i++) {
      hand(i, place -> place.front().membersChanged());
    }
  }

  private static void understood(String from, Runnable reading) {
    try {
      reading.run();
    } catch (IllegalArgumentException e) {
      LOG.warn("Gateway {} says what this version does not understand: {}", from, e.getMessage());
    }
  }

  private void hand(int number, Consumer<Place> task) {
    Place place = number >= 0 && number < loops.length() ? loops.get(number) : null;
    if (place != null) {
      place.loop().runOnContext(turn -> task.accept(place));
    }
  }
}
