package io.madang.gateway.edge.relay;

import io.madang.gateway.limit.DeadlineWheel;
import io.madang.gateway.limit.DeadlineWheel.Deadline;
import io.madang.runtime.topic.Payload;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * The requests of one event loop for conversations that live on other gateways. Each says again what was not answered; a home that
 * is gone, or silent for too long, has lost its conversations.
 */
final class FrontRelay {
  private static final Duration SAID_AGAIN = Duration.ofSeconds(2);
  private static final Duration DELIVERED_AGAIN = Duration.ofSeconds(1);

  /** So often it is seen whether a home is there, besides when somebody says that one went. */
  private static final Duration LOOKED_AFTER = Duration.ofMillis(500);

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

  /** The next look, which is no later than the time to say it again: a session does not wait for its messages for ever. */
  private Duration untilLook(long saidMs, Duration saidAgain) {
    long left = saidMs + saidAgain.toMillis() - clockMs.getAsLong();
    return Duration.ofMillis(Math.max(0, Math.min(left, LOOKED_AFTER.toMillis())));
  }

  private Deadline after(Duration wait, Runnable task) {
    return deadlines.at(clockMs.getAsLong() + wait.toMillis(), task);
  }

  /** The conversations of a kind at another gateway. */
  <Q, M> Home<Q, M> home(String kind, RequestCodec<Q, M> codec, String node) {
    return new Home<>() {
      @Override
      public Waiting receive(String name, Q request, Taker taker) {
        Response response =
            new Response(nextId(), node, kind, name, codec.receiving(request), taker);
        response.begin();
        return response;
      }

      @Override
      public void deliver(String name, M request, IntConsumer outcome) {
        Delivery delivery = new Delivery(
            node, new Word.Deliver(nextId(), kind, name, codec.delivery(request)), outcome);
        delivery.begin();
      }
    };
  }

  /** Other gateways are live than before. */
  void membersChanged() {
    List.copyOf(responses.values()).forEach(Response::onMembersChanged);
    List.copyOf(deliveries.values()).forEach(Delivery::onMembersChanged);
  }

  void on(Word.ToFront word) {
    Response response = responses.get(word.id());
    Delivery delivery = deliveries.get(word.id());
    if (response != null) {
      response.on(word);
    } else if (delivery != null) {
      delivery.on(word);
    }
  }

  /** One response that waits for a conversation elsewhere. */
  private final class Response implements Waiting {
    private final long id;
    private final String node;
    private final String kind;
    private final String name;
    private final Payload request;
    private final Taker taker;

    /** Bytes of each frame that the network has not taken whole, in order. */
    private final Deque<Integer> untaken = new ArrayDeque<>();

    /** Bytes that the network took of the first of them. */
    private int takenOfFirst;

    private long received;
    private long taken;
    private long heardMs = clockMs.getAsLong();

    /** When it was last said that the response waits. */
    private long saidMs;

    private boolean isEnded;
    private Deadline next;

    Response(long id, String node, String kind, String name, Payload request, Taker taker) {
      this.id = id;
      this.node = node;
      this.kind = kind;
      this.name = name;
      this.request = request;
      this.taker = taker;
    }

    void begin() {
      responses.put(id, this);
      say();
    }

    private void say() {
      line.send(node, WordCodec.encode(new Word.Receive(id, kind, name, request, received)));
      saidMs = clockMs.getAsLong();
      look();
    }

    private void look() {
      next = after(untilLook(saidMs, SAID_AGAIN), this::onLook);
    }

    private void onLook() {
      long now = clockMs.getAsLong();
      if (!line.isLive(node) || now - heardMs >= SILENT.toMillis()) {
        loseHome();
      } else if (now - saidMs >= SAID_AGAIN.toMillis()) {
        say();
      } else {
        look();
      }
    }

    void onMembersChanged() {
      if (!isEnded && !line.isLive(node)) {
        loseHome();
      }
    }

    private void loseHome() {
      end();
      forget();
      taker.lost();
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
        taker.end(all.status());
        if (taken == received) {
          // Nothing of it is left to be told by what the network takes.
          line.send(node, WordCodec.encode(new Word.Taken(id, kind, name, taken)));
          forget();
        }
      } else if (word instanceof Word.Lost) {
        loseHome();
      }
    }

    /** One that is not the next comes after one that was lost, which comes again. */
    private void onFrame(Word.Frame frame) {
      if (frame.number() == received + 1) {
        received++;
        untaken.add(frame.bytes().bytes());
        taker.frame(frame.bytes().utf8());
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
        line.send(node, WordCodec.encode(new Word.Taken(id, kind, name, taken)));
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
        line.send(node, WordCodec.encode(new Word.Gone(id, kind, name)));
      }
    }
  }

  /** Something on its way to a conversation elsewhere. */
  private final class Delivery {
    private final String node;
    private final Word.Deliver word;
    private final IntConsumer outcome;
    private long heardMs = clockMs.getAsLong();
    private long saidMs;
    private Deadline next;

    Delivery(String node, Word.Deliver word, IntConsumer outcome) {
      this.node = node;
      this.word = word;
      this.outcome = outcome;
    }

    void begin() {
      deliveries.put(word.id(), this);
      say();
    }

    private void say() {
      line.send(node, WordCodec.encode(word));
      saidMs = clockMs.getAsLong();
      look();
    }

    private void look() {
      next = after(untilLook(saidMs, DELIVERED_AGAIN), this::onLook);
    }

    private void onLook() {
      long now = clockMs.getAsLong();
      if (!line.isLive(node) || now - heardMs >= SILENT.toMillis()) {
        over(Home.UNKNOWN);
      } else if (now - saidMs >= DELIVERED_AGAIN.toMillis()) {
        say();
      } else {
        look();
      }
    }

    void onMembersChanged() {
      if (!line.isLive(node)) {
        over(Home.UNKNOWN);
      }
    }

    void on(Word.ToFront word) {
      heardMs = clockMs.getAsLong();
      if (word instanceof Word.Delivered delivered) {
        over(delivered.status());
      }
    }

    private void over(int status) {
      next.cancel();
      deliveries.remove(word.id());
      outcome.accept(status);
    }
  }
}
