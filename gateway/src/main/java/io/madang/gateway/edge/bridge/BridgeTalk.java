package io.madang.gateway.edge.bridge;

import io.madang.gateway.connection.Surroundings;
import io.madang.gateway.connection.measure.LoopCounts;
import io.madang.gateway.edge.bridge.Addresses.MeaninglessException;
import io.madang.gateway.edge.bridge.BridgeMessage.UnreadableException;
import io.madang.gateway.edge.sockjs.session.Link;
import io.madang.gateway.edge.sockjs.session.Opening;
import io.madang.gateway.edge.sockjs.session.Protocol;
import io.madang.gateway.edge.sockjs.talk.ConnectionTalk;
import io.madang.gateway.edge.sockjs.text.Quoted;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.codec.BadFrameException;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.frame.StreamPosition;
import io.madang.runtime.mesh.directory.Directory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One client of the event-bus bridge: its messages become the frames of its connection, and those become what its handlers and
 * callbacks hear. A message that brings a newer token waits, and those behind it, until that is known to be good.
 */
public final class BridgeTalk extends ConnectionTalk {
  private static final Failure ENDED =
      Failure.of(ErrorCode.UNAVAILABLE, "The connection ends; whether it was done is not known.");

  private final Addresses addresses;
  private final int maxWaiting;
  private final ServerFrame.Handler<Boolean> words = new Words();

  /** Who is to hear the answers to frames that are under way, by ref. */
  private final Map<Long, Asked> asked = new HashMap<>();

  /** What waits for a newer token to be judged; its first message brought it. */
  private final Deque<BridgeMessage> waiting = new ArrayDeque<>();

  private long lastRef;

  /** Of the frame that brought a token to be judged; {@link ClientFrame#NO_REF} when none does. */
  private long judging = ClientFrame.NO_REF;

  /** The newest that counts; empty while messages brought none. */
  private Optional<String> token = Optional.empty();

  /** The bridge's own word for the message that is being found unreadable. */
  private String unreadable = "";

  /** Why the connection is about to end, as far as it said. */
  private Failure lastFailure = ENDED;

  /**
   * @param hears whose handlers or callback hear how it failed
   * @param isReplied whether the success is an answer too
   * @param since where the client stands in a topic it registers for
   * @param wantsSnapshot whether it also wants to hear what the topic is now
   * @param isGivenUp whether nobody wants to hear how it went
   */
  private record Asked(
      Optional<String> hears,
      boolean isReplied,
      Optional<StreamPosition> since,
      boolean wantsSnapshot,
      boolean isGivenUp) {
    Asked(Optional<String> hears, boolean isReplied) {
      this(hears, isReplied, Optional.empty(), false, false);
    }

    static Asked registration(BridgeMessage message, Optional<StreamPosition> since) {
      return new Asked(
          Optional.of(message.address()),
          false,
          since,
          message.headers().containsKey("snapshot"),
          false);
    }

    boolean isRegistrationOf(String address) {
      return !isReplied && hears.equals(Optional.of(address));
    }

    Asked givenUp() {
      return new Asked(Optional.empty(), false, Optional.empty(), false, true);
    }
  }

  private BridgeTalk(
      Link link, Opening opening, Surroundings around, LoopCounts counts, Addresses addresses) {
    super(link, BridgeWords.SPEECH, opening, around, counts);
    this.addresses = addresses;
    this.maxWaiting = around.limits().maxPending();
  }

  /** The protocol of sessions on this loop. */
  public static Protocol on(Surroundings around, LoopCounts counts, Directory directory) {
    Addresses addresses = new Addresses(directory);
    return (link, opening) -> {
      BridgeTalk talk = new BridgeTalk(link, opening, around, counts, addresses);
      talk.beginUnlessStopping(around);
      return talk;
    };
  }

  // What the client says.

  @Override
  protected byte[] utf8(String message) {
    return Quoted.jsonUtf8(message);
  }

  @Override
  protected void onMessage(byte[] utf8) {
    try {
      BridgeMessage message = BridgeMessage.read(utf8);
      connection().onHeard();
      // A ping is a sign of life, and clients take no answer to it.
      if (message.type() != BridgeMessage.Type.PING) {
        onMessage(message);
      }
    } catch (UnreadableException e) {
      unreadable = e.getMessage();
      connection().onBadFrame(BadFrameException.notReadable(e.getMessage()));
    }
  }

  private void onMessage(BridgeMessage message) {
    if (judging != ClientFrame.NO_REF) {
      waitFor(message);
    } else if (message.token().isEmpty() || message.token().equals(token)) {
      act(message);
    } else {
      waiting.addFirst(message);
      judge(message.token().orElseThrow());
    }
  }

  private void judge(String newer) {
    judging = ++lastRef;
    connection()
        .onFrame(
            connection().isSignedIn()
                ? new ClientFrame.Refresh(judging, newer)
                : new ClientFrame.Connect(judging, Optional.of(newer)));
  }

  private void waitFor(BridgeMessage message) {
    if (waiting.size() < maxWaiting) {
      waiting.add(message);
    } else {
      fail(
          message.replyAddress(),
          Failure.of(ErrorCode.TOO_MANY_REQUESTS, "Too many requests wait for a newer token."));
    }
  }

  private void act(BridgeMessage message) {
    try {
      switch (message.type()) {
        case REGISTER -> register(message);
        case UNREGISTER -> unregister(message);
        case SEND -> command(addresses.ofSend(message), message.replyAddress());
        case PUBLISH -> command(addresses.ofPublish(message), Optional.empty());
        case PING -> {}
      }
    } catch (MeaninglessException e) {
      fail(hears(message), e.failure());
    } catch (IllegalArgumentException e) {
      fail(hears(message), Failure.of(ErrorCode.BAD_REQUEST, e.getMessage()));
    }
  }

  /** Whoever waits for something: handlers of the address, or the callback. */
  private static Optional<String> hears(BridgeMessage message) {
    return message.type() == BridgeMessage.Type.REGISTER
        ? Optional.of(message.address())
        : message.replyAddress();
  }

  private void register(BridgeMessage message) {
    Optional<StreamPosition> since = since(message);
    ClientFrame.Subscribe frame = new ClientFrame.Subscribe(lastRef + 1, message.address(), since);
    asked(Asked.registration(message, since));
    connection().onFrame(frame);
  }

  /** Where the client stands, which its headers say: the bridge itself has no word for it. */
  private static Optional<StreamPosition> since(BridgeMessage message) {
    String epoch = message.headers().get("epoch");
    String offset = message.headers().get("offset");
    return epoch == null || offset == null
        ? Optional.empty()
        : Optional.of(new StreamPosition(epoch, Long.parseLong(offset)));
  }

  private void unregister(BridgeMessage message) {
    ClientFrame.Unsubscribe frame = new ClientFrame.Unsubscribe(lastRef + 1, message.address());
    // Who gave up a registration is not told that it did not come about.
    asked.replaceAll(
        (ref, what) -> what.isRegistrationOf(message.address()) ? what.givenUp() : what);
    asked(new Asked(Optional.empty(), false));
    connection().onFrame(frame);
  }

  private void command(Addresses.Meaning meaning, Optional<String> replyAddress) {
    ClientFrame.Command frame = new ClientFrame.Command(
        lastRef + 1, meaning.service(), meaning.name(), meaning.id(), meaning.args());
    asked(new Asked(replyAddress, true));
    connection().onFrame(frame);
  }

  private void asked(Asked what) {
    asked.put(++lastRef, what);
  }

  // What the client is told.

  @Override
  public void send(ServerFrame frame) {
    frame.dispatch(words);
  }

  private void fail(Optional<String> hears, Failure failure) {
    say(BridgeWords.failure(hears, failure));
  }

  private final class Words implements ServerFrame.Handler<Boolean> {
    @Override
    public Boolean on(ServerFrame.Connected frame) {
      judged(Optional.empty());
      return true;
    }

    @Override
    public Boolean on(ServerFrame.Subscribed frame) {
      Asked what = asked.remove(frame.ref());
      if (what != null) {
        tell(frame.topic(), what);
      }
      return true;
    }

    private void tell(ServerFrame.TopicState topic, Asked what) {
      boolean isMissed = what.since().isPresent() && !topic.recovered();
      if (isMissed) {
        say(BridgeWords.gap(
            new ServerFrame.Gap(topic.topic(), what.since().orElseThrow(), topic.position())));
      }
      if (isMissed || what.wantsSnapshot()) {
        topic.snapshot().ifPresent(snapshot -> say(BridgeWords.snapshot(topic, snapshot)));
      }
      topic.publications().forEach(each -> say(BridgeWords.publication(each)));
    }

    @Override
    public Boolean on(ServerFrame.Resumed frame) {
      return done(frame.ref());
    }

    @Override
    public Boolean on(ServerFrame.Unsubscribed frame) {
      frame
          .reason()
          .ifPresent(reason -> fail(
              Optional.of(frame.topic()),
              Failure.of(ErrorCode.FORBIDDEN, "You hear no more of this: " + reason + ".")));
      return done(frame.ref());
    }

    @Override
    public Boolean on(ServerFrame.Reply frame) {
      Asked what = asked.remove(frame.ref());
      if (what != null && what.isReplied()) {
        what.hears().ifPresent(address -> say(BridgeWords.reply(address, frame.result())));
      }
      return true;
    }

    @Override
    public Boolean on(ServerFrame.Item frame) {
      return true;
    }

    @Override
    public Boolean on(ServerFrame.More frame) {
      return true;
    }

    @Override
    public Boolean on(ServerFrame.Complete frame) {
      return done(frame.ref());
    }

    @Override
    public Boolean on(ServerFrame.Refreshed frame) {
      judged(Optional.empty());
      return true;
    }

    @Override
    public Boolean on(ServerFrame.Pong frame) {
      return true;
    }

    @Override
    public Boolean on(ServerFrame.Publication frame) {
      say(BridgeWords.publication(frame));
      return true;
    }

    @Override
    public Boolean on(ServerFrame.Gap frame) {
      say(BridgeWords.gap(frame));
      return true;
    }

    /** Nobody else will tell those who wait. */
    @Override
    public Boolean on(ServerFrame.Disconnect frame) {
      asked
          .values()
          .forEach(
              what -> what.hears().ifPresent(address -> fail(Optional.of(address), lastFailure)));
      waiting.forEach(
          message -> hears(message).ifPresent(address -> fail(Optional.of(address), lastFailure)));
      asked.clear();
      waiting.clear();
      return true;
    }

    @Override
    public Boolean on(ServerFrame.Error frame) {
      if (frame.ref() == ClientFrame.NO_REF && !unreadable.isEmpty()) {
        say(BridgeWords.unreadable(unreadable));
        unreadable = "";
        return true;
      }
      lastFailure = frame.failure();
      if (frame.ref() == judging && judging != ClientFrame.NO_REF) {
        judged(Optional.of(frame.failure()));
        return true;
      }
      Asked what = asked.remove(frame.ref());
      if (what == null || !what.isGivenUp()) {
        fail(what == null ? Optional.empty() : what.hears(), frame.failure());
      }
      return true;
    }

    private boolean done(long ref) {
      return asked.remove(ref) != null;
    }
  }

  /** @param failure why the token does not count; empty when it does */
  private void judged(Optional<Failure> failure) {
    judging = ClientFrame.NO_REF;
    BridgeMessage first = waiting.remove();
    if (failure.isPresent()) {
      fail(hears(first), failure.get());
    } else {
      token = first.token();
      act(first);
    }
    while (judging == ClientFrame.NO_REF && !waiting.isEmpty()) {
      onMessage(waiting.remove());
    }
  }
}
