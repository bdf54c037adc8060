package io.madang.gateway.edge.signalr.talk;

import io.madang.gateway.edge.signalr.call.Answer;
import io.madang.protocol.frame.ServerFrame;
import io.madang.runtime.command.Effects;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What one hub connection asked of its gateway: who waits for which answer. What comes unasked is passed on. On the connection's
 * loop.
 */
final class HubAsked implements ServerFrame.Handler<Boolean> {
  /** Takes what is no answer. */
  interface Unasked {
    void on(ServerFrame.Publication frame);

    void on(ServerFrame.Gap frame);

    void on(ServerFrame.Disconnect frame);

    /** A topic is heard no more, asked for or not. */
    void on(ServerFrame.Unsubscribed frame);
  }

  private final Unasked unasked;

  /** Who waits for the answers to frames that are under way, by ref. */
  private final Map<Long, Answer> answers = new HashMap<>();

  /** What commands did to topics whose replies are about to come, by ref. */
  private final Map<Long, Effects> effects = new HashMap<>();

  private long lastRef;

  HubAsked(Unasked unasked) {
    this.unasked = unasked;
  }

  /** The ref that the next one to be asked gets. */
  long nextRef() {
    return lastRef + 1;
  }

  /** Somebody waits for the answer to what is asked now with {@link #nextRef}. */
  long ask(Answer answer) {
    lastRef++;
    answers.put(lastRef, answer);
    return lastRef;
  }

  /** Nobody waits for it any more. */
  void forget(long ref) {
    answers.remove(ref);
  }

  void effects(long ref, Effects did) {
    effects.put(ref, did);
  }

  /** Whether nobody waits for anything. */
  boolean isIdle() {
    return answers.isEmpty();
  }

  void forgetAll() {
    answers.clear();
    effects.clear();
  }

  private boolean last(long ref, Consumer<Answer> told) {
    Answer answer = answers.remove(ref);
    if (answer != null) {
      told.accept(answer);
    }
    return answer != null;
  }

  private boolean more(long ref, Consumer<Answer> told) {
    Answer answer = answers.get(ref);
    if (answer != null) {
      told.accept(answer);
    }
    return answer != null;
  }

  @Override
  public Boolean on(ServerFrame.Connected frame) {
    return last(frame.ref(), Answer::onDone);
  }

  @Override
  public Boolean on(ServerFrame.Subscribed frame) {
    return last(frame.ref(), answer -> answer.onSubscribed(frame.topic()));
  }

  @Override
  public Boolean on(ServerFrame.Resumed frame) {
    return last(frame.ref(), Answer::onDone);
  }

  @Override
  public Boolean on(ServerFrame.Unsubscribed frame) {
    unasked.on(frame);
    return last(frame.ref(), Answer::onDone);
  }

  @Override
  public Boolean on(ServerFrame.Reply frame) {
    Effects did = Optional.ofNullable(effects.remove(frame.ref())).orElse(Effects.NONE);
    return last(frame.ref(), answer -> answer.onReply(frame.result(), did));
  }

  @Override
  public Boolean on(ServerFrame.Item frame) {
    return more(frame.ref(), answer -> answer.onItem(frame.item()));
  }

  @Override
  public Boolean on(ServerFrame.More frame) {
    return more(frame.ref(), answer -> answer.onMore(frame.items()));
  }

  @Override
  public Boolean on(ServerFrame.Complete frame) {
    return last(frame.ref(), Answer::onComplete);
  }

  @Override
  public Boolean on(ServerFrame.Refreshed frame) {
    return last(frame.ref(), Answer::onDone);
  }

  @Override
  public Boolean on(ServerFrame.Pong frame) {
    return false;
  }

  @Override
  public Boolean on(ServerFrame.Publication frame) {
    unasked.on(frame);
    return true;
  }

  @Override
  public Boolean on(ServerFrame.Gap frame) {
    unasked.on(frame);
    return true;
  }

  @Override
  public Boolean on(ServerFrame.Disconnect frame) {
    unasked.on(frame);
    return true;
  }

  @Override
  public Boolean on(ServerFrame.Error frame) {
    return last(frame.ref(), answer -> answer.onError(frame.failure()));
  }
}
