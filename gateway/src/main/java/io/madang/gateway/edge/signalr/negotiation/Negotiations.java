package io.madang.gateway.edge.signalr.negotiation;

import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.relay.Taker;
import io.madang.gateway.edge.relay.Waiting;
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
import java.util.function.IntConsumer;
import java.util.function.Predicate;

/**
 * The hub connections that were negotiated on one event loop, until they end. Each is carried by what comes first: responses, which
 * this loop then tells what is said, or a WebSocket, which takes the connection to its own loop and may do so once. What nobody
 * comes for is forgotten after {@link CarriedTimes#ABSENCE}.
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

  private static final int ENDING = 202;

  /**
   * What else is there at this gateway.
   *
   * @param isLive whether a gateway is there, in one life of it
   * @param maxWaiting connections that may wait for what carries them
   */
  public record Around(
      CarriedTimes times,
      HubProtocol protocol,
      Authenticator authenticator,
      AdmissionDesk admission,
      Predicate<String> isLive,
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

  /** Of those, how many nothing carries yet. */
  private int waiting;

  public Negotiations(HubTokens tokens, Around around) {
    this.tokens = tokens;
    this.around = around;
  }

  /** A connection for which a client may come. */
  public record Invitation(String connection, String token) {}

  /**
   * Makes a connection that waits for what carries it.
   *
   * @param offered by which every later request is to come from the same user; whoever shows nothing is known by the token alone
   * @return fails with {@link AuthenticationException} or {@link NoPlaceException}
   */
  public Future<Invitation> negotiate(Hub hub, Optional<Credential> offered, String address) {
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
          return add(hub, owner, address);
        }
        waiting--;
        throw new NoPlaceException(verdict);
      });
    });
  }

  private Invitation add(Hub hub, Optional<String> owner, String address) {
    String connection = tokens.newConnection();
    connections.put(connection, new Negotiated(connection, hub, owner, address));
    return new Invitation(connection, tokens.token(connection));
  }

  /** How many there are, those that are only remembered included. */
  public int size() {
    return connections.size();
  }

  // What requests ask.

  private Optional<Negotiated> find(String token) {
    return tokens.proven(token).map(connections::get);
  }

  @Override
  public Waiting receive(String token, HubReceive request, Taker taker) {
    Optional<Negotiated> known = find(token);
    if (known.isEmpty()) {
      taker.end(UNKNOWN);
      return Waiting.FOR_NOTHING;
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
    find(token)
        .ifPresentOrElse(
            known -> request.dispatch(new Deliveries(known, outcome)),
            () -> outcome.accept(UNKNOWN));
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
      known.socketEnded(request.socket());
      outcome.accept(TAKEN);
      return true;
    }
  }

  /** One connection, from its negotiation until it is forgotten. */
  private final class Negotiated {
    private final String id;
    private final Hub hub;

    /** Whose it is; empty where that is who has the token. */
    private final Optional<String> owner;

    private final String address;

    /** Null unless responses carry it. */
    private ResponseLink link;

    /** By whose WebSocket it is carried; null unless one does. */
    private HubDeliver.Claim claim;

    /** What counts for longest of all that was shown; empty where nothing was. */
    private Optional<Credential> newest = Optional.empty();

    /** Until when that counts. */
    private Instant newestUntil = Instant.EPOCH;

    private boolean holdsPlace = true;

    /** When it is forgotten, or looked after. */
    private Deadline next;

    Negotiated(String id, Hub hub, Optional<String> owner, String address) {
      this.id = id;
      this.hub = hub;
      this.owner = owner;
      this.address = address;
      next = around.times().after(CarriedTimes.ABSENCE, this::onNobodyCame);
    }

    private boolean isWaiting() {
      return link == null && claim == null;
    }

    private void onNobodyCame() {
      waiting--;
      forget();
    }

    private void forget() {
      connections.remove(id);
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
      if (claim != null) {
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

    void socketEnded(long socket) {
      if (claim != null && claim.socket() == socket) {
        forget();
      }
    }
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
