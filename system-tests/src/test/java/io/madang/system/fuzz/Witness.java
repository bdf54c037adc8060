package io.madang.system.fuzz;

import io.madang.client.MadangClient;
import io.madang.client.TopicListener;
import io.madang.protocol.frame.ServerFrame.Publication;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.json.RawJson;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;

/** Somebody who is served meanwhile: hears a room into which it is said something all the time, and how long that takes. */
public final class Witness implements AutoCloseable {
  private static final long EVERY_MS = 20;
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final MadangClient speaker;
  private final MadangClient listener;
  private final String room;

  /** When each message was said that was not heard; guarded by this. */
  private final Map<String, Long> saidNanos = new HashMap<>();

  /** How long each message took, since the last {@link #begin}; guarded by this. */
  private final List<Long> tookNanos = new ArrayList<>();

  /** What was not as promised; guarded by this. */
  private final List<String> wrongs = new ArrayList<>();

  /** Offset of the last message heard, 0 before the first; guarded by this. */
  private long last;

  private long said;
  private Thread speaking;

  /** Of the last message; written by the thread that speaks. */
  private CompletableFuture<String> lastAnswer = CompletableFuture.completedFuture("");

  private volatile boolean isToStop;

  /** @param room that both clients may join */
  public Witness(MadangClient speaker, MadangClient listener, String room) throws Exception {
    this.speaker = speaker;
    this.listener = listener;
    this.room = room;
    RawJson join = RawJson.trusted("{\"room\":\"" + room + "\"}");
    speaker.command("chat", "joinRoom", join).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    listener.command("chat", "joinRoom", join).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    listener.subscribe("room:" + room, new Hearing()).get(LIMIT.toSeconds(), TimeUnit.SECONDS);
  }

  private final class Hearing implements TopicListener {
    @Override
    public void publication(Publication publication) {
      long now = System.nanoTime();
      synchronized (Witness.this) {
        publication.place().ifPresent(place -> {
          if (last != 0 && place.prev() != last) {
            wrongs.add("after " + last + " came " + place);
          }
          last = place.offset();
        });
        publication
            .command()
            .map(saidNanos::remove)
            .ifPresent(saidAt -> tookNanos.add(now - saidAt));
      }
    }

    @Override
    public void gap(StreamPosition from, StreamPosition to) {
      synchronized (Witness.this) {
        wrongs.add("a gap after " + from);
      }
    }
  }

  /** Begins to speak, and to count anew. */
  public void begin() {
    synchronized (this) {
      tookNanos.clear();
    }
    isToStop = false;
    speaking = new Thread(this::speak, "witness");
    speaking.setDaemon(true);
    speaking.start();
  }

  private void speak() {
    long next = System.nanoTime();
    while (!isToStop) {
      String id = "witness-" + room + "-" + ++said;
      synchronized (this) {
        saidNanos.put(id, System.nanoTime());
      }
      lastAnswer = speaker
          .command(
              "chat",
              "sendToRoom",
              id,
              RawJson.trusted("{\"room\":\"" + room + "\",\"text\":\"" + said + "\"}"))
          .handle((reply, trouble) -> {
            if (trouble != null) {
              wrong(id + ": " + trouble);
            }
            return id;
          });
      next += TimeUnit.MILLISECONDS.toNanos(EVERY_MS);
      LockSupport.parkNanos(next - System.nanoTime());
    }
  }

  private synchronized void wrong(String what) {
    wrongs.add(what);
  }

  /** Stops speaking, waits until all was heard, and tells how long 99 of 100 messages took at most. */
  public Duration p99() throws InterruptedException {
    isToStop = true;
    speaking.join();
    lastAnswer.join();
    Awaitility.await("everything at the witness").atMost(LIMIT).until(() -> unheard() == 0);
    synchronized (this) {
      Collections.sort(tookNanos);
      return Duration.ofNanos(tookNanos.get((int) (tookNanos.size() * 0.99)));
    }
  }

  private synchronized int unheard() {
    return saidNanos.size();
  }

  /** Messages heard since the last {@link #begin}. */
  public synchronized int heard() {
    return tookNanos.size();
  }

  /** What was not as promised: a message out of order, lost or refused. */
  public synchronized List<String> wrongs() {
    return List.copyOf(wrongs);
  }

  @Override
  public void close() {
    isToStop = true;
    speaker.close();
    listener.close();
  }
}
