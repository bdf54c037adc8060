package io.madang.gateway.edge.signalr.negotiation;

import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.relay.Taker;
import io.madang.gateway.edge.relay.Waiting;
import io.madang.gateway.edge.signalr.replay.CarrierEnd;
import io.madang.gateway.edge.signalr.replay.Kept;
import io.madang.gateway.edge.signalr.replay.LastingLink;
import io.madang.gateway.edge.signalr.replay.ResumeRules;
import io.madang.gateway.edge.signalr.session.HubMemory;
import io.madang.gateway.edge.signalr.session.HubOpening;
import io.madang.gateway.edge.signalr.session.HubProtocol;
import io.madang.gateway.edge.signalr.session.HubTransport;
import io.madang.gateway.identity.AuthenticationException;
import io.madang.gateway.identity.AuthenticationException.Reason;
import io.madang.gateway.identity.Authenticator;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.Principal;
import io.madang.gateway.limit.Admission;
import io.madang.gateway.limit.AdmissionDesk;
import io.madang.gateway.limit.DeadlineWheel.Deadline;
import io.madang.runtime.hub.Hub;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Predicate;

/**
 * The hub connections that were negotiated on one event loop, until they end. Each is carried by what comes first: responses, which
 * this loop then tells what is said, or a WebSocket, which takes the connection to its own loop and may do so once. A connection
 * that may outlive its WebSocket stays here, whatever WebSocket carries it. What nobody comes for is forgotten after {@link
 * CarriedTimes#ABSENCE}.
 */
public final class Negotiations implements Home<HubReceive, HubDeliver> {
  /** Who has shown nothing that counts, as HTTP says it. */
  public static final int UNAUTHORIZED = 401;

  /** Nobody can say just now whether what was shown counts. */
  public static final int NOT_NOW = 503;

  /** Something else carries the connection already, and goes on to. */
  public static final int OTHER_TRANSPORT = 400;

  /** A WebSocket takes messages itself. */
  public static final int NOT_BY_POST = 405;

  /** What carries the connection may not be there twice. */
  public static final int ALREADY_ACTIVE = 409;

  /** Of one loop; more may not wait for what carries them. */
  public static final int MAX_WAITING = 16_384;

  /** The WebSocket may carry the connection, which lives here all the same. */
  public static final int CARRIES = 207;

  /** The connection was handed over to this gateway's heir. */
  public static final int MOVED = 410;

  private static final int ENDING = 202;

  /**
   * What else is there at this gateway.
   *
   * @param isLive whether a gateway is there, in one life of it
   * @param succession to whom they are handed over at a stop
   * @param resume what they may do for clients that lose their WebSocket
   * @param maxWaiting connections that may wait for what carries them
   */
  public record Around(
      CarriedTimes times,
      HubProtocol protocol,
      Authenticator authenticator,
      AdmissionDesk admission,
      Predicate<String> isLive,
      HubSuccession succession,
      ResumeRules resume,
      int maxWaiting) {}

  /** More than a client may have, or than there may be; carries what admission said. */
  public static final class NoPlaceException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private static final long RETRY_MS = 1_000;

    private final transient Admission.Verdict verdict;

    NoPlaceException(Admission.Verdict verdict) {
      super("no place for one more hub connection", null, false, false);
      this.verdict = verdict;
    }

    /** Of all clients too many wait. */
    static NoPlaceException forAnybody() {
      return new NoPlaceException(new Admission.TooFast(RETRY_MS));
    }

    public Admission.Verdict verdict() {
      return verdict;
    }
  }

  private final HubTokens tokens;
  private final Around around;

  /** By id; of them some are over and only remembered. */
  private final Map<String, Negotiated> connections = new HashMap<>();

  /** Of those, such as another gateway negotiated that stopped, by its tokens, which nobody here can prove. */
  private final Map<String, Negotiated> adopted = new HashMap<>();

  /** Of those, how many nothing carries yet. */
  private int waiting;

  public Negotiations(HubTokens tokens, Around around) {
    this.tokens = tokens;
    this.around = around;
  }

  /**
   * A connection for which a client may come.
   *
   * @param mayResume whether its client may come back to it with another WebSocket
   */
  public record Invitation(String connection, String token, boolean mayResume) {}

  /**
   * Makes a connection that waits for what carries it.
   *
   * @param wantsResume whether the client would come back to it with another WebSocket
   * @param offered by which every later request is to come from the same user; whoever shows nothing is known by the token alone
   * @return fails with {@link AuthenticationException} or {@link NoPlaceException}
   */
  public Future<Invitation> negotiate(
      Hub hub, boolean wantsResume, Optional<Credential> offered, String address) {
    Future<Optional<String>> user = offered
        .map(credential ->
            around.authenticator().authenticate(credential).map(who -> Optional.of(who.userId())))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    return user.compose(owner -> {
      if (waiting >= around.maxWaiting()) {
        return Future.failedFuture(NoPlaceException.forAnybody());
      }
      // Counted before it is admitted, or any number could be on their way.
      waiting++;
      return around.admission().admit(address).map(verdict -> {
        if (verdict instanceof Admission.Welcome) {
          return add(hub, wantsResume && around.resume().mayResume(), owner, address);
        }
        waiting--;
        throw new NoPlaceException(verdict);
      });
    });
  }

  private Invitation add(Hub hub, boolean mayResume, Optional<String> owner, String address) {
    String connection = tokens.newConnection();
    connections.put(connection, new Negotiated(connection, hub, mayResume, owner, address));
    return new Invitation(connection, tokens.token(connection), mayResume);
  }

  /** How many there are, those that are only remembered included. */
  public int size() {
    return connections.size();
  }

  // What requests ask.

  private Optional<Negotiated> find(String token) {
    return tokens
        .proven(token)
        .map(connections::get)
        .or(() -> Optional.ofNullable(adopted.get(token)));
  }

  @Override
  public Waiting receive(String token, HubReceive request, Taker taker) {
    Optional<Negotiated> known = find(token);
    if (known.isEmpty()) {
      taker.end(UNKNOWN);
      return Waiting.FOR_NOTHING;
    }
    if (request.transport() == HubTransport.WEBSOCKETS) {
      // Its claim was judged.
      return known.get().receiveBySocket(request.socket(), taker);
    }
    LateWaiting late = new LateWaiting();
    known
        .get()
        .judge(
            request.offered(),
            () -> late.waitsFor(known.get().receive(request, taker)),
            taker::end);
    return late;
  }

  @Override
  public void deliver(String token, HubDeliver request, IntConsumer outcome) {
    if (request instanceof HubDeliver.Adopt adopt) {
      outcome.accept(adopt(token, adopt.state()));
      return;
    }
    find(token)
        .ifPresentOrElse(
            known -> request.dispatch(new Deliveries(known, outcome)),
            () -> outcome.accept(UNKNOWN));
  }

  /** Goes on with a connection of a gateway that stops. */
  private int adopt(String token, HubState state) {
    Optional<String> id = HubTokens.read(token).map(HubTokens.Read::connection);
    Optional<Hub> hub = around.succession().hub(state.hub());
    if (id.isEmpty() || hub.isEmpty() || !around.resume().mayResume()) {
      return NOT_NOW;
    }
    if (connections.containsKey(id.get())) {
      return ALREADY_ACTIVE;
    }
    Negotiated negotiated =
        new Negotiated(id.get(), hub.get(), true, state.owner(), state.address());
    if (!negotiated.goesOn(token, state)) {
      return NOT_NOW;
    }
    return TAKEN;
  }

  private static final class Deliveries implements HubDeliver.Handler<Boolean> {
    private final Negotiated known;
    private final IntConsumer outcome;

    Deliveries(Negotiated known, IntConsumer outcome) {
      this.known = known;
      this.outcome = outcome;
    }

    @Override
    public Boolean on(HubDeliver.Post request) {
      return known.judge(request.offered(), () -> known.post(request.bytes(), outcome), outcome);
    }

    @Override
    public Boolean on(HubDeliver.Delete request) {
      return known.judge(request.offered(), () -> outcome.accept(known.delete()), outcome);
    }

    @Override
    public Boolean on(HubDeliver.Claim request) {
      return known.judge(request.offered(), () -> outcome.accept(known.claim(request)), outcome);
    }

    @Override
    public Boolean on(HubDeliver.Leaving request) {
      outcome.accept(known.carrierLeaves());
      return true;
    }

    @Override
    public Boolean on(HubDeliver.Ended request) {
      known.socketEnded(request.socket(), request.how());
      outcome.accept(TAKEN);
      return true;
    }

    /** Of a token that is known already: it was said again, by a gateway that asked another one between. */
    @Override
    public Boolean on(HubDeliver.Adopt request) {
      outcome.accept(ALREADY_ACTIVE);
      return true;
    }

    @Override
    public Boolean on(HubDeliver.Carried request) {
      known.carried(request, outcome);
      return true;
    }
  }

  /** One connection, from its negotiation until it is forgotten. */
  private final class Negotiated {
    private final String id;
    private final Hub hub;

    /** Whether it may outlive its WebSocket, and so lives here. */
    private final boolean mayResume;

    /** Whose it is; empty where that is who has the token. */
    private final Optional<String> owner;

    private final String address;

    /** Null unless responses carry it. */
    private ResponseLink link;

    /** Null unless WebSockets carry it that it may outlive. */
    private LastingLink lasting;

    /** What it is known by here, where another gateway negotiated it. */
    private Optional<String> foreignToken = Optional.empty();

    /** Whether another gateway goes on with it. */
    private boolean isMoved;

    /** By whose WebSocket it is carried, which it lives with; null unless one does. */
    private HubDeliver.Claim claim;

    /** What counts for longest of all that was shown; empty where nothing was. */
    private Optional<Credential> newest = Optional.empty();

    /** Until when that counts. */
    private Instant newestUntil = Instant.EPOCH;

    private boolean holdsPlace = true;

    /** When it is forgotten, or looked after. */
    private Deadline next;

    Negotiated(String id, Hub hub, boolean mayResume, Optional<String> owner, String address) {
      this.id = id;
      this.hub = hub;
      this.mayResume = mayResume;
      this.owner = owner;
      this.address = address;
      next = around.times().after(CarriedTimes.ABSENCE, this::onNobodyCame);
    }

    private boolean isWaiting() {
      return link == null && claim == null && lasting == null;
    }

    private void onNobodyCame() {
      waiting--;
      forget();
    }

    private void forget() {
      connections.remove(id);
      foreignToken.ifPresent(adopted::remove);
      next.cancel();
      giveBackPlace();
    }

    private void giveBackPlace() {
      if (holdsPlace) {
        holdsPlace = false;
        around.admission().release(address);
      }
    }

    /** Whether a request is from whose connection it is; each is asked again, as what it shows may count no more. */
    boolean judge(Optional<Credential> offered, Runnable isTheirs, IntConsumer isNot) {
      if (owner.isEmpty()) {
        newest = Optional.empty();
        isTheirs.run();
      } else if (offered.isEmpty()) {
        isNot.accept(UNAUTHORIZED);
      } else {
        around.authenticator().authenticate(offered.get()).onComplete(judged -> {
          if (judged.failed()) {
            isNot.accept(status(judged.cause()));
          } else if (!isOwner(judged.result()) || connections.get(id) != this) {
            isNot.accept(UNKNOWN);
          } else {
            show(offered.get(), judged.result().expiresAt());
            isTheirs.run();
          }
        });
      }
      return true;
    }

    private void show(Credential shown, Instant until) {
      if (until.isAfter(newestUntil)) {
        newest = Optional.of(shown);
        newestUntil = until;
        if (link != null) {
          link.shown(shown);
        } else if (lasting != null) {
          lasting.shown(shown);
        }
      }
    }

    private boolean isOwner(Principal principal) {
      return owner.filter(principal.userId()::equals).isPresent();
    }

    // What carries it.

    Waiting receive(HubReceive request, Taker taker) {
      if (isWaiting()) {
        open(request.transport());
      } else if (link == null || link.transport() != request.transport()) {
        taker.end(OTHER_TRANSPORT);
        return Waiting.FOR_NOTHING;
      }
      return link.receive(taker);
    }

    private void open(HubTransport transport) {
      waiting--;
      next.cancel();
      link = new ResponseLink(transport, around.times(), this::onOver);
      link.speaks(
          around.protocol().open(link, new HubOpening(hub, id, newest, address, transport)));
    }

    private void onOver() {
      giveBackPlace();
      next = around.times().after(CarriedTimes.ABSENCE, this::forget);
    }

    void post(Payload bytes, IntConsumer outcome) {
      if (claim != null || lasting != null) {
        outcome.accept(NOT_BY_POST);
      } else if (link == null) {
        outcome.accept(UNKNOWN);
      } else {
        link.deliver(bytes, outcome);
      }
    }

    int carrierLeaves() {
      if (link == null) {
        return UNKNOWN;
      }
      link.carrierLeaves();
      return TAKEN;
    }

    int delete() {
      if (isWaiting()) {
        onNobodyCame();
        return ENDING;
      }
      if (link == null || link.transport() != HubTransport.LONG_POLLING) {
        return OTHER_TRANSPORT;
      }
      link.endedByClient();
      return ENDING;
    }

    int claim(HubDeliver.Claim wanted) {
      if (link != null) {
        return OTHER_TRANSPORT;
      }
      if (mayResume) {
        return claimLasting(wanted.socket());
      }
      if (claim != null) {
        return ALREADY_ACTIVE;
      }
      waiting--;
      claim = wanted;
      // The socket has one of its own.
      giveBackPlace();
      next.cancel();
      lookAfterSocket();
      return TAKEN;
    }

    private void lookAfterSocket() {
      next = around.times().after(CarriedTimes.SOCKET_LOOKED_AFTER, () -> {
        if (around.isLive().test(claim.node())) {
          lookAfterSocket();
        } else {
          forget();
        }
      });
    }

    private int claimLasting(long socket) {
      if (lasting == null) {
        waiting--;
        next.cancel();
        lasting = new LastingLink(around.resume(), lastingTimes(), new Lasting());
        lasting.speaks(around
            .protocol()
            .open(lasting, new HubOpening(hub, id, newest, address, HubTransport.WEBSOCKETS)));
      }
      if (lasting.isOver()) {
        return isMoved ? MOVED : UNKNOWN;
      }
      return lasting.claim(socket) ? CARRIES : ALREADY_ACTIVE;
    }

    Waiting receiveBySocket(long socket, Taker taker) {
      if (lasting == null) {
        taker.end(CarrierEnd.CUT);
        return Waiting.FOR_NOTHING;
      }
      return lasting.receive(socket, taker);
    }

    void carried(HubDeliver.Carried brought, IntConsumer outcome) {
      if (lasting == null) {
        outcome.accept(UNKNOWN);
      } else {
        lasting.deliver(brought.socket(), brought.bytes(), outcome);
      }
    }

    /** Goes on where another gateway left it; false where there is no room for that. */
    boolean goesOn(String token, HubState state) {
      next.cancel();
      holdsPlace = false;
      lasting = new LastingLink(around.resume(), lastingTimes(), new Lasting(), state.kept());
      if (!lasting.hasPlace()) {
        return false;
      }
      foreignToken = Optional.of(token);
      connections.put(id, this);
      adopted.put(token, this);
      lasting.speaks(around
          .protocol()
          .open(
              lasting,
              new HubOpening(
                  hub,
                  id,
                  state.memory().credential(),
                  address,
                  HubTransport.WEBSOCKETS,
                  Optional.of(state.memory()))));
      new Lasting().isAway();
      return true;
    }

    /** What becomes of a connection that may outlive its WebSocket. */
    private final class Lasting implements LastingLink.Owner {
      /** While no WebSocket is counted for it, it is counted itself. */
      @Override
      public void isAway() {
        around.admission().hold(address).onSuccess(verdict -> {
          if (!(verdict instanceof Admission.Welcome)) {
            lasting.cut();
          } else if (holdsPlace || !lasting.isAway() || lasting.isOver()) {
            around.admission().release(address);
          } else {
            holdsPlace = true;
          }
        });
      }

      @Override
      public void isBack() {
        giveBackPlace();
      }

      @Override
      public void isOver() {
        onOver();
      }

      @Override
      public boolean mayMove() {
        return around.succession().heir().isPresent();
      }

      @Override
      public void moves(Kept kept, HubMemory memory, Consumer<Boolean> outcome) {
        Optional<Home<HubReceive, HubDeliver>> heir = around.succession().heir();
        if (heir.isEmpty()) {
          outcome.accept(false);
          return;
        }
        HubState state = new HubState(hub.name(), owner, address, kept, memory);
        heir.get()
            .deliver(
                foreignToken.orElseGet(() -> tokens.token(id)),
                new HubDeliver.Adopt(state),
                status -> {
                  isMoved = status == TAKEN;
                  outcome.accept(isMoved);
                });
      }
    }

    void socketEnded(long socket, int how) {
      if (lasting != null) {
        lasting.ended(socket, how);
      }
      if (claim != null && claim.socket() == socket) {
        forget();
      }
    }
  }

  private LastingLink.Times lastingTimes() {
    return new LastingLink.Times(around.times()::after, around.times().laterInTheTurn());
  }

  private static int status(Throwable cause) {
    return cause instanceof AuthenticationException refused
            && refused.reason() == Reason.UNAVAILABLE
        ? NOT_NOW
        : UNAUTHORIZED;
  }

  /** A response whose request is being judged. */
  private static final class LateWaiting implements Waiting {
    /** Null until it is judged. */
    private Waiting waiting;

    /** Whether the response was cut before. */
    private boolean isGone;

    void waitsFor(Waiting judged) {
      waiting = judged;
      if (isGone) {
        waiting.gone();
      }
    }

    @Override
    public void taken(int bytes) {
      if (waiting != null) {
        waiting.taken(bytes);
      }
    }

    @Override
    public void gone() {
      if (waiting == null) {
        isGone = true;
      } else {
        waiting.gone();
      }
    }
  }
}
