package io.madang.gateway.edge.sockjs.relay;

import io.madang.gateway.edge.sockjs.session.Home;
import io.madang.gateway.edge.sockjs.session.Opening;
import io.madang.gateway.edge.sockjs.session.Reception;
import io.madang.gateway.edge.sockjs.session.Taker;
import io.madang.gateway.edge.sockjs.session.Waiting;
import io.madang.gateway.edge.sockjs.text.SockJsFrames;
import io.madang.gateway.limit.DeadlineWheel;
import io.madang.gateway.limit.DeadlineWheel.Deadline;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * The requests of one event loop for sessions that live on other gateways. Each says again what was not answered; a home that is
 * gone, or silent for too long, has lost its sessions.
 */
final class FrontRelay {
  private static final Duration SAID_AGAIN = Duration.ofSeconds(2);
  private static final Duration DELIVERED_AGAIN = Duration.ofSeconds(1);
  private static final Duration SILENT = Duration.ofSeconds(10);

  private final int loop;
  private final Line line;
  private final DeadlineWheel deadlines;
  private final LongSupplier clockMs;
  private final Map<Long, Response> responses = new HashMap<>();
  private final Map<Long, Delivery> deliveries = new HashMap<>();
  private long lastNumber;

  /** @param loop whose number is part of every id */
  FrontRelay(int loop, Line line, DeadlineWheel deadlines, LongSupplier clockMs) {
    this.loop = loop;
    this.line = line;
    this.deadlines = deadlines;
    this.clockMs = clockMs;
  }

  private long nextId() {
    return ++lastNumber * Relay.MAX_LOOPS + loop;
  }

  private Deadline after(Duration wait, Runnable task) {
    return deadlines.at(clockMs.getAsLong() + wait.toMillis(), task);
  }

  /** The sessions of a base at another gateway. */
  Home home(String base, String node) {
    return new Home() {
      @Override
      public Waiting receive(String session, Opening from, Reception reception, Taker taker) {
        Response response = new Response(nextId(), node, base, session, from, reception, taker);
        response.begin();
        return response;
      }

      @Override
      public void deliver(
          String session, Opening from, List<String> messages, Consumer<Home.Delivery> outcome) {
        new FrontRelay.Delivery(
                node, new Word.Deliver(nextId(), base, session, from, messages), outcome)
            .say();
      }
    };
  }

  void on(Word.ToFront word) {
    Response response = responses.get(word.id());
    if (word instanceof Word.Delivered delivered) {
      Delivery delivery = deliveries.get(word.id());
      if (delivery != null) {
        delivery.over(delivered.isTaken());
      }
    } else if (response != null) {
      response.on(word);
    }
  }

  /** One response that waits for a session elsewhere. */
  private final class Response implements Waiting {
    private final long id;
    private final String node;
    private final String base;
    private final String session;
    private final Opening from;
    private final Reception reception;
    private final Taker taker;

    /** Bytes of each frame that the network has not taken whole, in order. */
    private final Deque<Integer> untaken = new ArrayDeque<>();

    /** Bytes that the network took of the first of them. */
    private int takenOfFirst;

    private long received;
    private long taken;
    private long heardMs = clockMs.getAsLong();
    private boolean isEnded;
    private Deadline next;

    Response(
        long id,
        String node,
        String base,
        String session,
        Opening from,
        Reception reception,
        Taker taker) {
      this.id = id;
      this.node = node;
      this.base = base;
      this.session = session;
      this.from = from;
      this.reception = reception;
      this.taker = taker;
    }

    void begin() {
      responses.put(id, this);
      say();
    }

    private void say() {
      line.send(
          node, WordCodec.encode(new Word.Receive(id, base, session, from, reception, received)));
      next = after(SAID_AGAIN, this::onTime);
    }

    private void onTime() {
      if (!line.isLive(node) || clockMs.getAsLong() - heardMs >= SILENT.toMillis()) {
        loseHome();
      } else {
        say();
      }
    }

    private void loseHome() {
      end();
      forget();
      taker.frame(reception.wrapping().wrap(SockJsFrames.interrupted()));
      taker.end();
    }

    private void end() {
      isEnded = true;
      next.cancel();
    }

    private void forget() {
      responses.remove(id);
    }

    void on(Word.ToFront word) {
      heardMs = clockMs.getAsLong();
      if (isEnded) {
        return;
      }
      if (word instanceof Word.Frame frame) {
        onFrame(frame);
      } else if (word instanceof Word.End all && all.frames() == received) {
        end();
        taker.end();
        forgetIfTaken();
      } else if (word instanceof Word.Lost) {
        loseHome();
      }
    }

    /** One that is not the next comes after one that was lost, which comes again. */
    private void onFrame(Word.Frame frame) {
      if (frame.number() == received + 1) {
        received++;
        untaken.add(frame.wrapped().bytes());
        taker.frame(frame.wrapped().utf8());
      }
    }

    @Override
    public void taken(int bytes) {
      takenOfFirst += bytes;
      long before = taken;
      while (!untaken.isEmpty() && takenOfFirst >= untaken.element()) {
        takenOfFirst -= untaken.remove();
        taken++;
      }
      if (taken > before && responses.containsKey(id)) {
        line.send(node, WordCodec.encode(new Word.Taken(id, base, session, taken)));
        forgetIfTaken();
      }
    }

    private void forgetIfTaken() {
      if (isEnded && taken == received) {
        forget();
      }
    }

    @Override
    public void gone() {
      if (responses.containsKey(id)) {
        end();
        forget();
        line.send(node, WordCodec.encode(new Word.Gone(id, base, session)));
      }
    }
  }

  /** Messages on their way to a session elsewhere. */
  private final class Delivery {
    private final String node;
    private final Word.Deliver word;
    private final Consumer<Home.Delivery> outcome;
    private final long begunMs = clockMs.getAsLong();
    private Deadline next;

    Delivery(String node, Word.Deliver word, Consumer<Home.Delivery> outcome) {
      this.node = node;
      this.word = word;
      this.outcome = outcome;
    }

    void say() {
      deliveries.put(word.id(), this);
      line.send(node, WordCodec.encode(word));
      next = after(DELIVERED_AGAIN, this::onTime);
    }

    private void onTime() {
      if (!line.isLive(node) || clockMs.getAsLong() - begunMs >= SILENT.toMillis()) {
        over(false);
      } else {
        say();
      }
    }

    void over(boolean isTaken) {
      next.cancel();
      deliveries.remove(word.id());
      outcome.accept(isTaken ? Home.Delivery.TAKEN : Home.Delivery.UNKNOWN);
    }
  }
}
