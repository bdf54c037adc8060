package io.madang.gateway.edge.signalr.call;

import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.code.Retry;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.frame.StreamPosition;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Subscribes one hub connection to topics, and tries again what may succeed later. */
public final class HubTopics {
  /** Beyond, whoever waits is told that it failed. */
  static final int MAX_TRIES = 5;

  private static final long MIN_WAIT_MS = 200;

  private final HubVoice voice;
  private final Consumer<ServerFrame.TopicState> heard;

  /** @param heard takes what a topic brings with its answer */
  public HubTopics(HubVoice voice, Consumer<ServerFrame.TopicState> heard) {
    this.voice = voice;
    this.heard = heard;
  }

  /** @param done is told once why the topic is not heard; empty when it is */
  public void subscribe(
      String topic, Optional<StreamPosition> since, Consumer<Optional<Failure>> done) {
    subscribe(topic, since, done, 1);
  }

  private void subscribe(
      String topic, Optional<StreamPosition> since, Consumer<Optional<Failure>> done, int tried) {
    Answer answer = new Answer() {
      @Override
      public void onSubscribed(ServerFrame.TopicState state) {
        heard.accept(state);
        done.accept(Optional.empty());
      }

      @Override
      public void onError(Failure failure) {
        if (failure.code().equals(ErrorCode.CONFLICT.wire())) {
          // It is heard already.
          done.accept(Optional.empty());
        } else if (failure.retry() == Retry.LATER && tried < MAX_TRIES) {
          voice.later(
              Duration.ofMillis(Math.max(MIN_WAIT_MS, failure.retryAfterMs())),
              () -> subscribe(topic, since, done, tried + 1));
        } else {
          done.accept(Optional.of(failure));
        }
      }
    };
    try {
      voice.ask(ref -> new ClientFrame.Subscribe(ref, topic, since), answer);
    } catch (IllegalArgumentException e) {
      done.accept(Optional.of(Failure.of(ErrorCode.BAD_REQUEST, e.getMessage())));
    }
  }

  /** Hears the topic no more; {@code done} is run when that is so. */
  void unsubscribe(String topic, Runnable done) {
    Answer answer = new Answer() {
      @Override
      public void onDone() {
        done.run();
      }

      @Override
      public void onError(Failure failure) {
        done.run();
      }
    };
    try {
      voice.ask(ref -> new ClientFrame.Unsubscribe(ref, topic), answer);
    } catch (IllegalArgumentException e) {
      done.run();
    }
  }
}
