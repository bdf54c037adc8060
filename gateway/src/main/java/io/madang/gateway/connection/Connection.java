package io.madang.gateway.connection;

import io.madang.gateway.command.Commands;
import io.madang.gateway.command.Refusals;
import io.madang.gateway.connection.ConnectionState.AwaitingConnect;
import io.madang.gateway.connection.ConnectionState.Closed;
import io.madang.gateway.connection.ConnectionState.Draining;
import io.madang.gateway.connection.ConnectionState.Goodbye;
import io.madang.gateway.connection.ConnectionState.Open;
import io.madang.gateway.connection.ConnectionState.SigningIn;
import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.gateway.fanout.Subscriber;
import io.madang.gateway.identity.AuthenticationException;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.Principal;
import io.madang.gateway.limit.Admission;
import io.madang.gateway.limit.DeadlineWheel.Deadline;
import io.madang.gateway.limit.TokenBucket;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.codec.BadFrameException;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.Effects;
import io.madang.runtime.config.Secret;
import io.madang.runtime.service.ClientAnswer;
import io.madang.runtime.service.ClientAnswer.Reason;
import io.madang.runtime.service.ClientQuestion;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
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
  private final ConnectionLimits limits;
  private final TokenBucket rate;
  private final Requests requests;
  private final OpenFrames openFrames;
  private final ClientFrame.Handler<Boolean> firstFrames = new FirstFrames();

  private ConnectionState state;

  /** When anything was last heard from the peer, on the forward-only clock. */
  private long heardMs;

  /** Unreadable messages since the last readable one. */
  private int badFramesInARow;

  /** Whether the transport has said that it is closed. */
  private boolean transportClosed;

  private final Deadline connectDeadline;

  /** The next look at whether the peer lives. */
  private Deadline silenceDeadline;

  /** Who signed in, also after the connection is closed; empty before. */
  private Optional<Caller> signedIn = Optional.empty();

  /** When the token ends; empty while nobody is signed in. */
  private Optional<Deadline> expiryDeadline = Optional.empty();

  private final Backlog backlog;

  /** When the peer's time to take our goodbye is over; empty before it was said. */
  private Optional<Deadline> goodbyeDeadline = Optional.empty();

  /** The next look at whether a client that lags takes anything; empty while it does not lag. */
  private Optional<Deadline> stalledDeadline = Optional.empty();

  /**
   * @param id this connection's name, unique in the mesh
   * @param offered the credential that came with the handshake, if any
   */
  public Connection(String id, FrameSink sink, Optional<Credential> offered, Surroundings around) {
    this.id = id;
    this.sink = sink;
    this.around = around;
    this.limits = around.limits();
    long now = around.time().nowMs();
    this.rate = new TokenBucket(limits.commandsPerSecond(), limits.commandBurst(), now);
    this.requests = new Requests(limits.maxPending(), limits.maxPendingBytes());
    this.openFrames = new OpenFrames(this, around, requests);
    this.backlog = new Backlog(limits.laggingBytes(), limits.drainedBytes(), limits.stalled());
    this.state = new AwaitingConnect(offered);
    this.heardMs = now;
    this.connectDeadline =
        around.deadlines().at(now + limits.connectTimeout().toMillis(), this::onConnectTimeout);
    this.silenceDeadline =
        around.deadlines().at(now + limits.keepAlive().toMillis(), this::onQuiet);
    around.connections().opened(this);
  }

  // What the edge tells.

  /** The client said this. */
  public void onFrame(ClientFrame frame) {
    onHeard();
    badFramesInARow = 0;
    process(frame);
  }

  private void process(ClientFrame frame) {
    try {
      state.dispatch(new FrameByState(frame));
    } catch (RuntimeException e) {
      LOG.error("A bug met a frame of connection {}", id, e);
      fail(frame.ref(), Failure.of(ErrorCode.INTERNAL, "Something is wrong on our side."));
    }
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
    } else if (isWithinRate(bad.ref())) {
      fail(bad.ref(), Failure.of(bad.code(), bad.getMessage()));
    }
  }

  /**
   * The client asked what its edge refuses by itself, which counts as any request does.
   *
   * @return whether it may ask at all; else it is told so by an error with this ref, at once
   */
  public boolean mayAsk(long ref) {
    return !isClosed() && isWithinRate(ref);
  }

  /** Anything came from the peer, a transport's own sign of life included. */
  public void onHeard() {
    heardMs = around.time().nowMs();
  }

  /**
   * The network took something of what waited; {@link FrameSink#queuedBytes} says how much is left. Must be told when it has taken
   * all but {@link ConnectionLimits#drainedBytes} after more than {@link ConnectionLimits#laggingBytes} waited, and may be told as often as it takes
   * anything.
   */
  public void onWritten() {
    if (backlog.shrank(waitingBytes(), around.time().nowMs())) {
      onDrained();
    }
  }

  /** What was held for this connection is with the network now, which tells how it takes it only if that is much. */
  void onHeldSent() {
    if (backlog.isNoMoreThanMayWait(waitingBytes())) {
      onDrained();
    }
  }

  /** The transport ended, whoever ended it. */
  public void onTransportClosed() {
    if (transportClosed) {
      return;
    }
    transportClosed = true;
    goodbyeDeadline.ifPresent(Deadline::cancel);
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
      goodbyeDeadline =
          Optional.of(around.deadlines().at(around.time().nowMs() + GOODBYE.toMillis(), this::cut));
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
    guarded(() -> taken[0] = openFrames.topics().deliver(topic, publications));
    return taken[0];
  }

  @Override
  public boolean takes(Bundle bundle) {
    if (isClosed() || !needsNoCloserLook(bundle) || openFrames.topics().areHeld()) {
      return false;
    }
    try {
      if (!sink.sendTogether(bundle)) {
        return false;
      }
      watchBacklog();
    } catch (RuntimeException e) {
      onBugInWhatTopicsBring(e);
    }
    return true;
  }

  /** Whether nothing of it must be left out or wait, however it is sent. */
  private boolean needsNoCloserLook(Bundle bundle) {
    long waiting = waitingBytes();
    return !backlog.isLagging()
        && waiting + bundle.dataBytes() <= limits.laggingBytes()
        && !(bundle.hasEphemeral() && backlog.isBusy(waiting));
  }

  @Override
  public boolean isLagging() {
    return backlog.isLagging();
  }

  @Override
  public void gap(Topic topic, StreamPosition from, StreamPosition to) {
    guarded(() -> openFrames.topics().gap(topic, from, to));
  }

  @Override
  public void ended(Topic topic, String reason) {
    guarded(() -> openFrames.topics().ended(topic, reason));
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
      return isWithinRate(frame.ref()) && frame.dispatch(firstFrames);
    }

    @Override
    public Boolean on(SigningIn signingIn) {
      if (signingIn.held().size() >= limits.maxPending()) {
        fail(
            frame.ref(),
            Failure.of(ErrorCode.TOO_MANY_REQUESTS, "Too many requests wait for the sign-in."));
        return false;
      }
      return signingIn.held().add(frame);
    }

    @Override
    public Boolean on(Open open) {
      return (isPartOfWhatIsOpen(frame) || isWithinRates(frame, open))
          && frame.dispatch(openFrames);
    }

    @Override
    public Boolean on(Draining draining) {
      if (isPartOfWhatIsOpen(frame) || frame instanceof ClientFrame.Ping) {
        return isWithinRate(frame.ref()) && frame.dispatch(openFrames);
      }
      fail(
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

  private boolean isWithinRate(long ref) {
    return isWithinRate(ref, 1);
  }

  private boolean isWithinRate(long ref, int requests) {
    long waitMs = rate.take(requests, around.time().nowMs());
    if (waitMs > 0) {
      fail(
          ref,
          Failure.of(ErrorCode.RATE_LIMITED, "This connection asks faster than it may.")
              .after(Duration.ofMillis(waitMs)));
    }
    return waitMs == 0;
  }

  private boolean isWithinRates(ClientFrame frame, Open open) {
    return isWithinRate(frame.ref(), weight(frame))
        && (!isForServices(frame) || isWithinUsersRate(frame, open));
  }

  /** A resume is as many requests as it takes turns to answer. */
  private static int weight(ClientFrame frame) {
    return frame instanceof ClientFrame.Resume resume
        ? 1 + resume.topics().size() / TopicRequests.RESUMED_AT_ONCE
        : 1;
  }

  /** What only this gateway has to do with is bounded by the connection's own rate. */
  private static boolean isForServices(ClientFrame frame) {
    return frame instanceof ClientFrame.Command
        || frame instanceof ClientFrame.Stream
        || frame instanceof ClientFrame.Upload
        || frame instanceof ClientFrame.Subscribe
        || frame instanceof ClientFrame.Resume;
  }

  private boolean isWithinUsersRate(ClientFrame frame, Open open) {
    long waitMs = around.shares().take(open.principal().userId());
    if (waitMs > 0) {
      fail(
          frame.ref(),
          Failure.of(ErrorCode.RATE_LIMITED, "This user asks faster than one may.")
              .after(Duration.ofMillis(waitMs)));
    }
    return waitMs == 0;
  }

  // Signing in.

  private boolean signIn(AwaitingConnect awaiting, Credential credential, long connectRef) {
    state = awaiting.toSigningIn(connectRef);
    around
        .authenticator()
        .authenticate(credential)
        .compose(this::admitted)
        .onComplete(this::onSignIn);
    return true;
  }

  /** A principal whose user may have one more connection; the count is taken. */
  private Future<Principal> admitted(Principal principal) {
    return around
        .places()
        .admitUser(principal.userId())
        .compose(verdict -> verdict instanceof Admission.Welcome
            ? Future.succeededFuture(principal)
            : Future.failedFuture(new TooManyOfUserException()));
  }

  private void onSignIn(AsyncResult<Principal> result) {
    if (!(state instanceof SigningIn signingIn)) {
      if (result.succeeded()) {
        around.places().releaseUser(result.result().userId());
      }
      return;
    }
    if (result.succeeded() && !around.authenticator().stillCounts(result.result())) {
      // It was revoked after it was judged.
      around.places().releaseUser(result.result().userId());
      onRefusedSignIn(
          signingIn, new AuthenticationException(AuthenticationException.Reason.REVOKED));
    } else if (result.succeeded()) {
      toOpen(signingIn, result.result());
    } else if (isWorthAnotherTry(result.cause())) {
      toAwaitingConnect(signingIn, Refusals.failure(result.cause()));
    } else {
      onRefusedSignIn(signingIn, result.cause());
    }
  }

  private void toOpen(SigningIn signingIn, Principal principal) {
    Caller caller = Commands.caller(principal, Optional.of(id));
    signedIn = Optional.of(caller);
    state = signingIn.toOpen(principal, caller);
    connectDeadline.cancel();
    expireWith(principal);
    around.topics().connected(this);
    if (signingIn.connectRef() != ClientFrame.NO_REF) {
      sendConnected(signingIn.connectRef(), principal);
    }
    // What was held has waited already; each still counts against the rate.
    signingIn.held().forEach(this::process);
  }

  private void toAwaitingConnect(SigningIn signingIn, Failure failure) {
    state = signingIn.toAwaitingConnect();
    if (signingIn.connectRef() != ClientFrame.NO_REF) {
      fail(signingIn.connectRef(), failure);
    }
    signingIn.held().forEach(frame -> fail(frame.ref(), failure));
  }

  private void onRefusedSignIn(SigningIn signingIn, Throwable cause) {
    if (cause instanceof TooManyOfUserException) {
      fail(
          signingIn.connectRef(),
          Failure.of(
              ErrorCode.TOO_MANY_CONNECTIONS,
              "This user has as many connections as one may have."));
      close(CloseCode.TRY_AGAIN_LATER, Duration.ofSeconds(30));
      return;
    }
    fail(signingIn.connectRef(), Refusals.failure(cause));
    close(closeCode(cause), Duration.ZERO);
  }

  private static CloseCode closeCode(Throwable cause) {
    if (cause instanceof AuthenticationException refused) {
      return switch (refused.reason()) {
        case TOKEN_EXPIRED -> CloseCode.TOKEN_EXPIRED;
        case REVOKED -> CloseCode.REVOKED;
        default -> CloseCode.BAD_TOKEN;
      };
    }
    return CloseCode.BAD_TOKEN;
  }

  private static boolean isWorthAnotherTry(Throwable cause) {
    if (cause instanceof AuthenticationException refused) {
      return refused.reason() == AuthenticationException.Reason.UNAVAILABLE;
    }
    return !(cause instanceof TooManyOfUserException);
  }

  /** Carries no stack: it is a value on its way through a future. */
  private static final class TooManyOfUserException extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooManyOfUserException() {
      super("too many connections of one user", null, false, false);
    }
  }

  void sendConnected(long ref, Principal principal) {
    send(new ServerFrame.Connected(
        ref,
        id,
        around.node(),
        new ServerFrame.User(
            principal.userId(),
            principal.name(),
            principal.roles().stream().sorted().toList()),
        limits.keepAlive().toMillis(),
        Optional.of(principal.expiresAt()),
        new ServerFrame.Limits(
            limits.maxMessageBytes(),
            limits.maxTopics(),
            limits.maxPending(),
            limits.commandsPerSecond(),
            limits.commandBurst())));
  }

  /** A newer token of the same user counts from now on. */
  void toRefreshed(Open open, Principal newer) {
    state = open.toRefreshed(newer);
    expireWith(newer);
  }

  /** The state in which somebody is signed in; empty in all others. */
  Optional<Open> open() {
    return state instanceof Open open ? Optional.of(open) : Optional.empty();
  }

  private void expireWith(Principal principal) {
    expiryDeadline.ifPresent(Deadline::cancel);
    long leftMs =
        Duration.between(around.time().instant(), principal.expiresAt()).toMillis();
    expiryDeadline =
        Optional.of(around.deadlines().at(around.time().nowMs() + leftMs, this::onExpired));
  }

  private void onExpired() {
    Duration late = sink.onExpired();
    if (late.isZero()) {
      close(CloseCode.TOKEN_EXPIRED, Duration.ZERO);
    } else {
      expiryDeadline = Optional.of(around
          .deadlines()
          .at(
              around.time().nowMs() + late.toMillis(),
              () -> close(CloseCode.TOKEN_EXPIRED, Duration.ZERO)));
    }
  }

  // Deadlines.

  private void onConnectTimeout() {
    if (signedIn.isEmpty()) {
      close(CloseCode.CONNECT_TIMEOUT, Duration.ZERO);
    }
  }

  private void onQuiet() {
    if (isClosed()) {
      return;
    }
    long now = around.time().nowMs();
    long silentMs = now - heardMs;
    if (silentMs >= limits.clientTimeout().toMillis()) {
      close(CloseCode.CLIENT_SILENT, Duration.ZERO);
    } else if (silentMs >= limits.keepAlive().toMillis()) {
      // A transport may find a sign of life at once, which is to count at the next look.
      long untilMs = heardMs + limits.clientTimeout().toMillis();
      sink.probe();
      silenceDeadline = around.deadlines().at(untilMs, this::onQuiet);
    } else {
      silenceDeadline =
          around.deadlines().at(heardMs + limits.keepAlive().toMillis(), this::onQuiet);
    }
  }

  // Sending.

  void send(ServerFrame frame) {
    if (!isClosed()) {
      sink.send(frame);
      watchBacklog();
    }
  }

  void send(SharedPublication publication) {
    if (!isClosed()) {
      around.meters().delivery();
      sink.send(publication);
      watchBacklog();
    }
  }

  void tellEffects(long ref, Effects effects) {
    if (!isClosed()) {
      sink.effects(ref, effects);
    }
  }

  void fail(long ref, Failure failure) {
    around.meters().error();
    send(new ServerFrame.Error(ref, failure));
  }

  // Reading slowly.

  /** More waits for the client: one that does not read costs memory, and can resume from its positions. */
  void watchBacklog() {
    long waiting = waitingBytes();
    if (waiting > limits.maxOutboundBytes()) {
      close(CloseCode.SLOW_CONSUMER, Duration.ZERO);
    } else if (backlog.isAbove(waiting)) {
      backlog.begin(sink.takenBytes(), around.time().nowMs());
      around.meters().lagBegan();
      watchForStall();
    }
  }

  private long waitingBytes() {
    return sink.queuedBytes() + openFrames.topics().heldBytes();
  }

  /** Whether what is worth something only now is left out; counted if so. */
  boolean leavesOutEphemeral() {
    boolean isBusy = backlog.isBusy(waitingBytes());
    if (isBusy) {
      around.meters().leftOut();
    }
    return isBusy;
  }

  private void onDrained() {
    endLag();
    if (!isClosed()) {
      around.topics().drained(this);
    }
  }

  private void endLag() {
    around.meters().lagEnded();
    stalledDeadline.ifPresent(Deadline::cancel);
    stalledDeadline = Optional.empty();
  }

  private void watchForStall() {
    long now = around.time().nowMs();
    stalledDeadline =
        Optional.of(around.deadlines().at(backlog.nextLookMs(now), this::onStallSuspected));
  }

  private void onStallSuspected() {
    long now = around.time().nowMs();
    if (backlog.isStalled(sink.takenBytes(), now)) {
      close(CloseCode.SLOW_CONSUMER, Duration.ZERO);
    } else {
      watchForStall();
    }
  }

  /** Ends everything the connection has in the gateway; only the transport may live on for a moment. */
  private void leave() {
    if (isClosed()) {
      return;
    }
    state = new Closed();
    connectDeadline.cancel();
    silenceDeadline.cancel();
    expiryDeadline.ifPresent(Deadline::cancel);
    if (backlog.end()) {
      endLag();
    }
    requests.cancelAll();
    signedIn.ifPresent(caller -> {
      around.topics().disconnected(this);
      around.places().releaseUser(caller.user());
    });
  }

  /** What can be said before somebody is signed in. */
  private final class FirstFrames implements ClientFrame.Handler<Boolean> {
    @Override
    public Boolean on(ClientFrame.Connect frame) {
      AwaitingConnect awaiting = (AwaitingConnect) state;
      Optional<Credential> brought =
          frame.token().map(token -> new Credential.Bearer(new Secret(token)));
      Optional<Credential> credential = brought.isPresent() ? brought : awaiting.offered();
      return credential
          .map(shown -> signIn(awaiting, shown, frame.ref()))
          .orElseGet(() -> refuse(frame));
    }

    @Override
    public Boolean on(ClientFrame.Ping frame) {
      return openFrames.on(frame);
    }

    /** A client whose handshake said who it is may begin with anything. */
    private Boolean begin(ClientFrame frame) {
      AwaitingConnect awaiting = (AwaitingConnect) state;
      if (awaiting.offered().isEmpty()) {
        return refuse(frame);
      }
      signIn(awaiting, awaiting.offered().get(), ClientFrame.NO_REF);
      // The answer may be there at once; then the frame must not be held any more.
      state.dispatch(new FrameByState(frame));
      return true;
    }

    private Boolean refuse(ClientFrame frame) {
      fail(
          frame.ref(),
          Failure.of(ErrorCode.UNAUTHENTICATED, "Nobody is signed in on this connection."));
      return false;
    }

    @Override
    public Boolean on(ClientFrame.Subscribe frame) {
      return begin(frame);
    }

    @Override
    public Boolean on(ClientFrame.Resume frame) {
      return begin(frame);
    }

    @Override
    public Boolean on(ClientFrame.Unsubscribe frame) {
      return begin(frame);
    }

    @Override
    public Boolean on(ClientFrame.Command frame) {
      return begin(frame);
    }

    @Override
    public Boolean on(ClientFrame.Stream frame) {
      return begin(frame);
    }

    @Override
    public Boolean on(ClientFrame.Cancel frame) {
      return begin(frame);
    }

    @Override
    public Boolean on(ClientFrame.More frame) {
      return begin(frame);
    }

    @Override
    public Boolean on(ClientFrame.Upload frame) {
      return begin(frame);
    }

    @Override
    public Boolean on(ClientFrame.UploadItem frame) {
      return begin(frame);
    }

    @Override
    public Boolean on(ClientFrame.UploadEnd frame) {
      return begin(frame);
    }

    @Override
    public Boolean on(ClientFrame.Refresh frame) {
      return begin(frame);
    }
  }
}
