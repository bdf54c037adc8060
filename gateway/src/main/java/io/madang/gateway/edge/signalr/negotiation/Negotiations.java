package io.madang.gateway.edge.signalr.negotiation;

import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.relay.LateWaiting;
import io.madang.gateway.edge.relay.Taker;
import io.madang.gateway.edge.relay.Waiting;
import io.madang.gateway.edge.signalr.replay.ResumeRules;
import io.madang.gateway.edge.signalr.session.HubProtocol;
import io.madang.gateway.edge.signalr.session.HubTransport;
import io.madang.gateway.identity.AuthenticationException;
import io.madang.gateway.identity.Authenticator;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.limit.Admission;
import io.madang.gateway.limit.AdmissionDesk;
import io.madang.runtime.hub.Hub;
import io.vertx.core.Future;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
  private final Negotiated.Register register = new Registered();

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
    connections.put(
        connection, new Negotiated(around, register, connection, hub, mayResume, owner, address));
    return new Invitation(connection, tokens.token(connection), mayResume);
  }

  /** What each of them changes here. */
  private final class Registered implements Negotiated.Register {
    @Override
    public void waitsNoMore() {
      waiting--;
    }

    @Override
    public void adopts(String token, Negotiated connection) {
      connections.put(connection.id(), connection);
      adopted.put(token, connection);
    }

    @Override
    public void forgets(Negotiated connection) {
      connections.remove(connection.id());
      connection.foreignToken().ifPresent(adopted::remove);
    }

    @Override
    public boolean knows(Negotiated connection) {
      return connections.get(connection.id()) == connection;
    }

    @Override
    public String token(String connection) {
      return tokens.token(connection);
    }
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
        .owner()
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
        new Negotiated(around, register, id.get(), hub.get(), true, state.owner(), state.address());
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
      known.owner().judge(request.offered(), () -> known.post(request.bytes(), outcome), outcome);
      return true;
    }

    @Override
    public Boolean on(HubDeliver.Delete request) {
      known.owner().judge(request.offered(), () -> outcome.accept(known.delete()), outcome);
      return true;
    }

    @Override
    public Boolean on(HubDeliver.Claim request) {
      known.owner().judge(request.offered(), () -> outcome.accept(known.claim(request)), outcome);
      return true;
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
}
