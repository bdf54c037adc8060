package io.madang.gateway.edge.sockjs.relay;

import io.madang.gateway.edge.sockjs.session.Home;
import io.madang.gateway.edge.sockjs.session.Homes;
import io.madang.gateway.limit.DeadlineWheel;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Context;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Function;
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
  private final Map<String, Homes> homes;
  private final AtomicReferenceArray<Place> loops;

  private record Place(Context loop, FrontRelay front, HomeRelay home) {}

  /**
   * @param homes of the sessions at this gateway, by base
   * @param loops how many will move in
   */
  public Relay(Line line, Map<String, Homes> homes, int loops) {
    this.line = line;
    this.homes = Map.copyOf(homes);
    this.loops = new AtomicReferenceArray<>(loops);
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

  /** Sessions of a base at other gateways, for a loop that has moved in. */
  public Function<String, Home> elsewhere(int number, String base) {
    FrontRelay front = loops.get(number).front();
    return node -> front.home(base, node);
  }

  /** Another gateway said something; on any one thread. */
  public void heard(String from, Payload payload) {
    Word word;
    try {
      word = WordCodec.decode(payload);
    } catch (IllegalArgumentException e) {
      LOG.warn("Gateway {} says what this version does not understand: {}", from, e.getMessage());
      return;
    }
    if (word instanceof Word.ToFront toFront) {
      hand((int) (word.id() % MAX_LOOPS), place -> place.front().on(toFront));
    } else {
      Word.ToHome toHome = (Word.ToHome) word;
      Homes its = homes.get(toHome.base());
      if (its != null) {
        hand(
            its.loopOf(toHome.session()),
            place -> place.home().on(from, toHome, its.of(toHome.session(), place.loop())));
      }
    }
  }

  private void hand(int number, Consumer<Place> task) {
    Place place = number < loops.length() ? loops.get(number) : null;
    if (place != null) {
      place.loop().runOnContext(turn -> task.accept(place));
    }
  }
}
