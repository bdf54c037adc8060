package io.madang.gateway.edge.relay;

import io.madang.gateway.limit.DeadlineWheel;
import io.madang.runtime.topic.Payload;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/**
 * What other gateways ask of the conversations of one event loop. Frames are kept until their gateway says that its client has them,
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
  private final Map<Place, OptionalInt> deliveries = new LinkedHashMap<>() {
    private static final long serialVersionUID = 1;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Place, OptionalInt> eldest) {
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
   * @param home of the kind that is asked for
   * @throws IllegalArgumentException when it asks what this version does not understand
   */
  <Q, M> void on(String from, Word.ToHome word, Home<Q, M> home, RequestCodec<Q, M> codec) {
    Place place = new Place(from, word.id());
    FarResponse response = responses.get(place);
    if (word instanceof Word.Receive receive) {
      onReceive(place, response, receive, home, codec);
    } else if (word instanceof Word.Deliver deliver) {
      onDeliver(place, deliver, home, codec);
    } else if (response != null && word instanceof Word.Taken taken) {
      response.taken(taken.frames());
    } else if (response != null && word instanceof Word.Gone) {
      response.gone();
    }
  }

  private <Q, M> void onReceive(
      Place place,
      FarResponse known,
      Word.Receive word,
      Home<Q, M> home,
      RequestCodec<Q, M> codec) {
    if (known != null) {
      known.sayAgain(word.received());
    } else if (word.received() > 0) {
      line.send(place.node(), WordCodec.encode(new Word.Lost(word.id())));
    } else {
      Q request = codec.receiving(word.request());
      FarResponse response = new FarResponse(place);
      responses.put(place, response);
      response.look();
      response.waiting = home.receive(word.name(), request, response);
    }
  }

  private <Q, M> void onDeliver(
      Place place, Word.Deliver word, Home<Q, M> home, RequestCodec<Q, M> codec) {
    OptionalInt before = deliveries.get(place);
    if (before == null) {
      M request = codec.delivery(word.request());
      deliveries.put(place, OptionalInt.empty());
      home.deliver(word.name(), request, status -> {
        deliveries.put(place, OptionalInt.of(status));
        answer(place, status);
      });
    } else {
      before.ifPresentOrElse(
          status -> answer(place, status),
          () -> line.send(place.node(), WordCodec.encode(new Word.Patience(place.id()))));
    }
  }

  private void answer(Place place, int status) {
    line.send(place.node(), WordCodec.encode(new Word.Delivered(place.id(), status)));
  }

  /** A response that waits at another gateway. */
  private final class FarResponse implements Taker {
    private final Place place;

    /** Frames that are not known to be taken, in order. */
    private final Deque<byte[]> kept = new ArrayDeque<>();

    /** Set once, when the conversation knows the response. */
    private Waiting waiting;

    private long said;
    private long taken;
    private boolean isEnded;

    /** How it ended; 0 before. */
    private int status;

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
    public void end(int how) {
      isEnded = true;
      status = how;
      sayEnd();
    }

    private void sayEnd() {
      line.send(place.node(), WordCodec.encode(new Word.End(place.id(), said, status)));
    }

    @Override
    public void lost() {
      forget();
      line.send(place.node(), WordCodec.encode(new Word.Lost(place.id())));
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
