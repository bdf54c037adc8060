package io.madang.gateway.connection;

import io.madang.gateway.command.Commands;
import io.madang.gateway.connection.ConnectionState.AwaitingConnect;
import io.madang.gateway.connection.ConnectionState.Closed;
import io.madang.gateway.connection.ConnectionState.Draining;
import io.madang.gateway.connection.ConnectionState.Goodbye;
import io.madang.gateway.connection.ConnectionState.Open;
import io.madang.gateway.connection.ConnectionState.SigningIn;
import io.madang.gateway.connection.measure.ConnectionLimits;
import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.gateway.fanout.Subscriber;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.Principal;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.codec.BadFrameException;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.runtime.command.Caller;
import io.madang.runtime.service.ClientAnswer;
import io.madang.runtime.service.ClientAnswer.Reason;
import io.madang.runtime.service.ClientQuestion;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's link, on one event loop: every method is called there, and every field is touched there only.
 *
 * <pre>
 *                    frame, with a credential            credential good
 *  AwaitingConnect ----------------------------> SigningIn -------------> Open --+ refresh
 *        |    ^                                   |    |                   | ^   |
 *        |    +---- cannot be checked just now ---+    | bad               | +---+
 *        |                                             |                   |
 *        |                                             |                   +-- to be drained, and unanswered --> Draining
 *        | connect timeout, drained                    | drained           | expired, silent, too slow, drained     |
 *        +------------------------------> Closed <-----+-------------------+---- answered, or not in time ----------+
 * </pre>
 *
 * <p>A request that fails is answered with an error frame and closes nothing. What closes a connection is told in a
 * disconnect frame first. What an edge must call: {@link #onFrame} or {@link #onBadFrame} for each message, {@link
 * #onHeard} for anything else heard from the peer, {@link #onWritten} when the network took something, {@link
 * #onTransportClosed} once.
 *
 * <p>A client that reads too slowly <em>lags</em>: it is brought no publications until it has read most of what waits for it,
 * then its topics continue where it stands. One that takes nothing for long, or asks for more than it reads, is closed.
 *
 * <p>Owns the state, and joins the parts that own the rest: the way in ({@link FirstFrames}, {@link Entrance}), what is asked
 * ({@link Allowance}, {@link OpenFrames}, {@link Requests}, {@link TopicRequests}), what goes out ({@link Outgoing}), and how long it
 * may live ({@link Lifetime}).
 */
public final class Connection implements Subscriber {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  /** A peer that sends so many unreadable messages in a row speaks something else. */
  static final int MAX_BAD_FRAMES_IN_A_ROW = 100;

  /** How long a peer has to take our goodbye before the transport is cut. */
  public static final Duration GOODBYE = Duration.ofSeconds(5);

  private final String id;
  private final FrameSink sink;
  private final Surroundings around;
  private final Requests requests;
  private final Outgoing outgoing;
  private final Allowance allowance;
  private final TopicRequests topics;
  private final OpenFrames openFrames;
  private final FirstFrames firstFrames;
  private final Lifetime lifetime;

  private ConnectionState state;

  /** Unreadable messages since the last readable one. */
  private int badFramesInARow;

  /** Whether the transport has said that it is closed. */
  private boolean transportClosed;

  /** Who signed in, also after the connection is closed; empty before. */
  private Optional<Caller> signedIn = Optional.empty();

  /**
   * @param id this connection's name, unique in the mesh
   * @param offered the credential that came with the handshake, if any
   */
  public Connection(String id, FrameSink sink, Optional<Credential> offered, Surroundings around) {
    this.id = id;
    this.sink = sink;
    this.around = around;
    this.requests = new Requests(around.limits().maxPending(), around.limits().maxPendingBytes());
    this.outgoing = new Outgoing(this, sink, around);
    this.allowance = new Allowance(outgoing, around);
    this.topics = new TopicRequests(this, outgoing, around);
    this.openFrames = new OpenFrames(this, outgoing, topics, around, requests);
    this.firstFrames =
        new FirstFrames(this, outgoing, openFrames, new Entrance(this, outgoing, around));
    this.state = new AwaitingConnect(offered);
    this.lifetime = new Lifetime(this, sink, around);
    around.connections().opened(this);
  }

  // What the edge tells.

  /** The client said this. */
  public void onFrame(ClientFrame frame) {
    onHeard();
    badFramesInARow = 0;
    process(frame);
  }

  /** Does what a frame means now; what goes wrong fails the frame alone. */
  void process(ClientFrame frame) {
    try {
      take(frame);
    } catch (RuntimeException e) {
      LOG.error("A bug met a frame of connection {}", id, e);
      outgoing.fail(frame.ref(), Failure.of(ErrorCode.INTERNAL, "Something is wrong on our side."));
    }
  }

  void take(ClientFrame frame) {
    state.dispatch(new FrameByState(frame));
  }

  /** The client said something unreadable. */
  public void onBadFrame(BadFrameException bad) {
    onHeard();
    around.meters().badFrame();
    if (isClosed()) {
      return;
    }
    if (++badFramesInARow >= MAX_BAD_FRAMES_IN_A_ROW) {
      close(CloseCode.NOT_OUR_PROTOCOL, Duration.ZERO);
    } else if (allowance.allows(bad.ref())) {
      outgoing.fail(bad.ref(), Failure.of(bad.code(), bad.getMessage()));
    }
  }

  /**
   * The client asked what its edge refuses by itself, which counts as any request does.
   *
   * @return whether it may ask at all; else it is told so by an error with this ref, at once
   */
  public boolean mayAsk(long ref) {
    return !isClosed() && allowance.allows(ref);
  }

  /** Anything came from the peer, a transport's own sign of life included. */
  public void onHeard() {
    lifetime.onHeard();
  }

  /**
   * The network took something of what waited; {@link FrameSink#queuedBytes} says how much is left. Must be told when it has taken
   * all but {@link ConnectionLimits#drainedBytes} after more than {@link ConnectionLimits#laggingBytes} waited, and may be told as often as it takes
   * anything.
   */
  public void onWritten() {
    outgoing.onWritten();
  }

  /** The transport ended, whoever ended it. */
  public void onTransportClosed() {
    if (transportClosed) {
      return;
    }
    transportClosed = true;
    lifetime.onTransportClosed();
    leave();
    around.connections().gone(this);
  }

  // What others may ask of it.

  @Override
  public String connection() {
    return id;
  }

  /** Who signed in; asked only after somebody did. */
  @Override
  public Caller caller() {
    return signedIn.orElseThrow();
  }

  /** Whether somebody is, or was before the connection was closed. */
  public boolean isSignedIn() {
    return signedIn.isPresent();
  }

  /** Who is signed in, as of the newest token; empty before and after. */
  Optional<Principal> principal() {
    if (state instanceof Open open) {
      return Optional.of(open.principal());
    }
    return state instanceof Draining draining
        ? Optional.of(draining.principal())
        : Optional.empty();
  }

  public boolean isClosed() {
    return state instanceof Closed;
  }

  /**
   * Asks the client something, once somebody is signed in.
   *
   * @param told is told once what became of it
   */
  void ask(ClientQuestion question, Consumer<ClientAnswer> told) {
    if (principal().isPresent()) {
      sink.ask(question, told);
    } else {
      told.accept(new ClientAnswer.Untold(Reason.GONE, "There is no such connection."));
    }
  }

  /**
   * Closes as soon as what the client asked is answered, at the latest after {@link #GOODBYE}. What it asks meanwhile is
   * refused with {@code too-many-requests}: nothing was done, and the next connection takes it. Does nothing if it is closed
   * already. One that another gateway goes on with is left to its edge ({@link FrameSink#handsOver}).
   *
   * @param after how long the client should wait before it connects again
   */
  public void drain(CloseCode code, Duration after) {
    if (!(state instanceof Open) || !sink.handsOver(() -> drainHere(code, after))) {
      drainHere(code, after);
    }
  }

  private void drainHere(CloseCode code, Duration after) {
    if (state instanceof Open open && requests.hasUnanswered()) {
      state = open.toDraining(new Goodbye(code, after));
      around.deadlines().at(around.time().nowMs() + GOODBYE.toMillis(), () -> close(code, after));
    } else if (!(state instanceof Draining)) {
      close(code, after);
    }
  }

  /** A request was answered. */
  void onAnswered() {
    if (state instanceof Draining draining && !requests.hasUnanswered()) {
      close(draining.goodbye().code(), draining.goodbye().after());
    }
  }

  /**
   * Tells the client why and when to come back, then closes. Does nothing if it is closed already.
   *
   * @param after how long the client should wait before it connects again
   */
  public void close(CloseCode code, Duration after) {
    if (isClosed()) {
      return;
    }
    around.meters().closed(code);
    sink.send(ServerFrame.Disconnect.because(code, after));
    leave();
    sink.close(code);
    if (!transportClosed) {
      lifetime.onGoodbye();
    }
  }

  /** Ends the transport without a word. */
  void cut() {
    sink.cut();
  }

  // What topics tell.

  @Override
  public int deliver(Topic topic, List<SharedPublication> publications) {
    int[] taken = {publications.size()};
    guarded(() -> taken[0] = topics.deliver(topic, publications));
    return taken[0];
  }

  @Override
  public boolean takes(Bundle bundle) {
    if (isClosed() || !outgoing.needsNoCloserLook(bundle) || topics.areHeld()) {
      return false;
    }
    try {
      return outgoing.sendTogether(bundle);
    } catch (RuntimeException e) {
      onBugInWhatTopicsBring(e);
      return true;
    }
  }

  @Override
  public boolean isLagging() {
    return outgoing.isLagging();
  }

  /** About how many bytes wait here until the client has an answer that they follow. */
  long heldBytes() {
    return topics.heldBytes();
  }

  @Override
  public void gap(Topic topic, StreamPosition from, StreamPosition to) {
    guarded(() -> topics.gap(topic, from, to));
  }

  @Override
  public void ended(Topic topic, String reason) {
    guarded(() -> topics.ended(topic, reason));
  }

  /** What goes wrong here must not keep the topic's other subscribers from hearing. */
  private void guarded(Runnable bringing) {
    try {
      bringing.run();
    } catch (RuntimeException e) {
      onBugInWhatTopicsBring(e);
    }
  }

  private void onBugInWhatTopicsBring(RuntimeException bug) {
    LOG.error("A bug met what a topic brought to connection {}", id, bug);
    close(CloseCode.INTERNAL_ERROR, Duration.ZERO);
  }

  // What a frame means in each state.

  private final class FrameByState implements ConnectionState.Handler<Boolean> {
    private final ClientFrame frame;

    FrameByState(ClientFrame frame) {
      this.frame = frame;
    }

    @Override
    public Boolean on(AwaitingConnect awaiting) {
      return allowance.allows(frame.ref()) && frame.dispatch(firstFrames);
    }

    @Override
    public Boolean on(SigningIn signingIn) {
      if (signingIn.held().size() >= around.limits().maxPending()) {
        outgoing.fail(
            frame.ref(),
            Failure.of(ErrorCode.TOO_MANY_REQUESTS, "Too many requests wait for the sign-in."));
        return false;
      }
      return signingIn.held().add(frame);
    }

    @Override
    public Boolean on(Open open) {
      return (isPartOfWhatIsOpen(frame) || allowance.allows(frame, open.principal()))
          && frame.dispatch(openFrames);
    }

    @Override
    public Boolean on(Draining draining) {
      if (isPartOfWhatIsOpen(frame) || frame instanceof ClientFrame.Ping) {
        return allowance.allows(frame.ref()) && frame.dispatch(openFrames);
      }
      outgoing.fail(
          frame.ref(),
          Failure.of(
                  ErrorCode.TOO_MANY_REQUESTS,
                  "This gateway stops; ask again on the next connection.")
              .after(Duration.ofSeconds(1)));
      return false;
    }

    @Override
    public Boolean on(Closed closed) {
      return false;
    }
  }

  /** Credit and parts of what is open already are bounded by themselves, and refusing them would only stall the rest. */
  private boolean isPartOfWhatIsOpen(ClientFrame frame) {
    boolean isPart = frame instanceof ClientFrame.More
        || frame instanceof ClientFrame.Cancel
        || frame instanceof ClientFrame.UploadItem
        || frame instanceof ClientFrame.UploadEnd;
    return isPart && openFrames.isOpen(frame.ref());
  }

  // Changing state.

  /** The state in which nobody is signed in; asked for in no other. */
  AwaitingConnect awaitingConnect() {
    return (AwaitingConnect) state;
  }

  void toSigningIn(AwaitingConnect awaiting, long connectRef) {
    state = awaiting.toSigningIn(connectRef);
  }

  /** The state in which a credential is being checked; empty in all others. */
  Optional<SigningIn> signingIn() {
    return state instanceof SigningIn signingIn ? Optional.of(signingIn) : Optional.empty();
  }

  void toAwaitingConnect(SigningIn signingIn) {
    state = signingIn.toAwaitingConnect();
  }

  void toOpen(SigningIn signingIn, Principal principal) {
    Caller caller = Commands.caller(principal, Optional.of(id));
    signedIn = Optional.of(caller);
    state = signingIn.toOpen(principal, caller);
    lifetime.onSignedIn(principal);
    around.topics().connected(this);
  }

  /** A newer token of the same user counts from now on. */
  void toRefreshed(Open open, Principal newer) {
    state = open.toRefreshed(newer);
    lifetime.expireWith(newer);
  }

  /** The state in which somebody is signed in; empty in all others. */
  Optional<Open> open() {
    return state instanceof Open open ? Optional.of(open) : Optional.empty();
  }

  /** Ends everything the connection has in the gateway; only the transport may live on for a moment. */
  private void leave() {
    if (isClosed()) {
      return;
    }
    state = new Closed();
    lifetime.end();
    outgoing.end();
    requests.cancelAll();
    signedIn.ifPresent(caller -> {
      around.topics().disconnected(this);
      around.places().releaseUser(caller.user());
    });
  }
}
