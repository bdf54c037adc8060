package io.madang.gateway.edge.sockjs.relay;

import io.madang.gateway.edge.sockjs.session.Home;
import io.madang.gateway.edge.sockjs.session.Taker;
import io.madang.gateway.edge.sockjs.session.Waiting;
import io.madang.gateway.limit.DeadlineWheel;
import io.madang.runtime.topic.Payload;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * What other gateways ask of the sessions of one event loop. Frames are kept until their gateway says that its client has them,
 * and are said again when it missed them.
 */
final class HomeRelay {
  private static final Duration LOOKED_AFTER = Duration.ofSeconds(5);
  private static final Duration SILENT = Duration.ofSeconds(15);

  /** Deliveries whose outcome is remembered, as a gateway that did not hear it asks again within seconds. */
  private static final int REMEMBERED = 4_096;

  private final Line line;
  private final DeadlineWheel deadlines;
  private final LongSupplier clockMs;
  private final Map<Place, FarResponse> responses = new HashMap<>();

  /** Outcomes of the newest deliveries; empty while one is under way. */
  private final Map<Place, Optional<Boolean>> deliveries = new LinkedHashMap<>() {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Place, Optional<Boolean>> eldest) {
      return size() > REMEMBERED;
    }
  };

  /** Something a gateway asked, under its number. */
  private record Place(String node, long id) {}

  HomeRelay(Line line, DeadlineWheel deadlines, LongSupplier clockMs) {
    this.line = line;
    this.deadlines = deadlines;
    this.clockMs = clockMs;
  }

  /**
   * @param from the gateway that says it
   * @param sessions of the base that is asked for
   */
  void on(String from, Word.ToHome word, Home sessions) {
    Place place = new Place(from, word.id());
    FarResponse response = responses.get(place);
    if (word instanceof Word.Receive receive) {
      onReceive(place, response, receive, sessions);
    } else if (word instanceof Word.Deliver deliver) {
      onDeliver(place, deliver, sessions);
    } else if (response != null && word instanceof Word.Taken taken) {
      response.taken(taken.frames());
    } else if (response != null && word instanceof Word.Gone) {
      response.gone();
    }
  }

  private void onReceive(Place place, FarResponse known, Word.Receive word, Home sessions) {
    if (known != null) {
      known.sayAgain(word.received());
    } else if (word.received() > 0) {
      line.send(place.node(), WordCodec.encode(new Word.Lost(word.id())));
    } else {
      FarResponse response = new FarResponse(place);
      responses.put(place, response);
      response.look();
      response.waiting = sessions.receive(word.session(), word.from(), word.reception(), response);
    }
  }

  private void onDeliver(Place place, Word.Deliver word, Home sessions) {
    Optional<Boolean> before = deliveries.get(place);
    if (before == null) {
      deliveries.put(place, Optional.empty());
      sessions.deliver(word.session(), word.from(), word.messages(), outcome -> {
        boolean isTaken = outcome == Home.Delivery.TAKEN;
        deliveries.put(place, Optional.of(isTaken));
        answer(place, isTaken);
      });
    } else {
      before.ifPresent(isTaken -> answer(place, isTaken));
    }
  }

  private void answer(Place place, boolean isTaken) {
    line.send(place.node(), WordCodec.encode(new Word.Delivered(place.id(), isTaken)));
  }

  /** A response that waits at another gateway. */
  private final class FarResponse implements Taker {
    private final Place place;

    /** Frames that are not known to be taken, in order. */
    private final Deque<byte[]> kept = new ArrayDeque<>();

    /** Set once, when the session knows the response. */
    private Waiting waiting;

    private long said;
    private long taken;
    private boolean isEnded;
    private long heardMs = clockMs.getAsLong();
    private DeadlineWheel.Deadline nextLook;

    FarResponse(Place place) {
      this.place = place;
    }

    @Override
    public void frame(byte[] frame) {
      kept.add(frame);
      said++;
      say(said, frame);
    }

    private void say(long number, byte[] frame) {
      line.send(
          place.node(), WordCodec.encode(new Word.Frame(place.id(), number, Payload.wrap(frame))));
    }

    @Override
    public void end() {
      isEnded = true;
      sayEnd();
    }

    private void sayEnd() {
      line.send(place.node(), WordCodec.encode(new Word.End(place.id(), said)));
    }

    void sayAgain(long received) {
      heardMs = clockMs.getAsLong();
      long number = taken;
      for (byte[] frame : kept) {
        number++;
        if (number > received) {
          say(number, frame);
        }
      }
      if (isEnded) {
        sayEnd();
      } else if (received == said) {
        line.send(place.node(), WordCodec.encode(new Word.Patience(place.id())));
      }
    }

    void taken(long frames) {
      heardMs = clockMs.getAsLong();
      int bytes = 0;
      while (taken < frames && !kept.isEmpty()) {
        bytes += kept.remove().length;
        taken++;
      }
      if (isEnded && kept.isEmpty()) {
        forget();
      }
      if (bytes > 0) {
        waiting.taken(bytes);
      }
    }

    void gone() {
      forget();
      waiting.gone();
    }

    private void forget() {
      responses.remove(place);
      nextLook.cancel();
    }

    void look() {
      nextLook = deadlines.at(clockMs.getAsLong() + LOOKED_AFTER.toMillis(), this::onLook);
    }

    private void onLook() {
      boolean isThere = line.isLive(place.node());
      boolean isSilent = clockMs.getAsLong() - heardMs >= SILENT.toMillis();
      if (isThere && !isSilent) {
        look();
      } else if (isThere && isEnded) {
        // It has all, and its client takes long.
        taken(said);
      } else {
        gone();
      }
    }
  }
}
