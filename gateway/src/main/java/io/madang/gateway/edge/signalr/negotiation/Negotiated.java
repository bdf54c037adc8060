package io.madang.gateway.edge.signalr.negotiation;

import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.relay.Taker;
import io.madang.gateway.edge.relay.Waiting;
import io.madang.gateway.edge.signalr.replay.CarrierEnd;
import io.madang.gateway.edge.signalr.replay.Kept;
import io.madang.gateway.edge.signalr.replay.LastingLink;
import io.madang.gateway.edge.signalr.replay.LastingTimes;
import io.madang.gateway.edge.signalr.session.HubMemory;
import io.madang.gateway.edge.signalr.session.HubOpening;
import io.madang.gateway.edge.signalr.session.HubTransport;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.limit.Admission;
import io.madang.gateway.limit.DeadlineWheel.Deadline;
import io.madang.runtime.hub.Hub;
import io.madang.runtime.topic.Payload;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * One hub connection, from its negotiation until it is forgotten. Owns what carries it, and whether it holds a place at the desk of
 * admission. On the loop that its token names.
 */
final class Negotiated {
  private static final int ENDING = 202;

  /** Those that were negotiated on its loop. */
  interface Register {
    /** Nobody waits any more for what carries the connection. */
    void waitsNoMore();

    /** Another gateway negotiated the connection; it is known by that one's token. */
    void adopts(String token, Negotiated connection);

    /** The connection is found no more. */
    void forgets(Negotiated connection);

    boolean knows(Negotiated connection);

    /** By which the clients of this gateway's own know the connection. */
    String token(String connection);
  }

  private final Negotiations.Around around;
  private final Register register;
  private final String id;
  private final Hub hub;

  /** Whether it may outlive its WebSocket, and so lives here. */
  private final boolean mayResume;

  private final HubOwner owner;

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

  private boolean holdsPlace = true;

  /** When it is forgotten, or looked after. */
  private Deadline next;

  /** @param owner whose it is; empty where that is who has the token */
  Negotiated(
      Negotiations.Around around,
      Register register,
      String id,
      Hub hub,
      boolean mayResume,
      Optional<String> owner,
      String address) {
    this.around = around;
    this.register = register;
    this.id = id;
    this.hub = hub;
    this.mayResume = mayResume;
    this.owner =
        new HubOwner(owner, around.authenticator(), () -> register.knows(this), this::onNewer);
    this.address = address;
    next = around.times().after(CarriedTimes.ABSENCE, this::onNobodyCame);
  }

  String id() {
    return id;
  }

  /** What it is known by here, where another gateway negotiated it. */
  Optional<String> foreignToken() {
    return foreignToken;
  }

  /** Whose it is, who judges each of its requests. */
  HubOwner owner() {
    return owner;
  }

  private void onNewer(Credential shown) {
    if (link != null) {
      link.shown(shown);
    } else if (lasting != null) {
      lasting.shown(shown);
    }
  }

  private boolean isWaiting() {
    return link == null && claim == null && lasting == null;
  }

  private void onNobodyCame() {
    register.waitsNoMore();
    forget();
  }

  private void forget() {
    register.forgets(this);
    next.cancel();
    giveBackPlace();
  }

  private void giveBackPlace() {
    if (holdsPlace) {
      holdsPlace = false;
      around.admission().release(address);
    }
  }

  // What carries it.

  Waiting receive(HubReceive request, Taker taker) {
    if (isWaiting()) {
      open(request.transport());
    } else if (link == null || link.transport() != request.transport()) {
      taker.end(Negotiations.OTHER_TRANSPORT);
      return Waiting.FOR_NOTHING;
    }
    return link.receive(taker);
  }

  private void open(HubTransport transport) {
    register.waitsNoMore();
    next.cancel();
    link = new ResponseLink(transport, around.times(), this::onOver);
    link.speaks(
        around.protocol().open(link, new HubOpening(hub, id, owner.newest(), address, transport)));
  }

  private void onOver() {
    giveBackPlace();
    next = around.times().after(CarriedTimes.ABSENCE, this::forget);
  }

  void post(Payload bytes, IntConsumer outcome) {
    if (claim != null || lasting != null) {
      outcome.accept(Negotiations.NOT_BY_POST);
    } else if (link == null) {
      outcome.accept(Home.UNKNOWN);
    } else {
      link.deliver(bytes, outcome);
    }
  }

  int carrierLeaves() {
    if (link == null) {
      return Home.UNKNOWN;
    }
    link.carrierLeaves();
    return Home.TAKEN;
  }

  int delete() {
    if (isWaiting()) {
      onNobodyCame();
      return ENDING;
    }
    if (link == null || link.transport() != HubTransport.LONG_POLLING) {
      return Negotiations.OTHER_TRANSPORT;
    }
    link.endedByClient();
    return ENDING;
  }

  int claim(HubDeliver.Claim wanted) {
    if (link != null) {
      return Negotiations.OTHER_TRANSPORT;
    }
    if (mayResume) {
      return claimLasting(wanted.socket());
    }
    if (claim != null) {
      return Negotiations.ALREADY_ACTIVE;
    }
    register.waitsNoMore();
    claim = wanted;
    // The socket has one of its own.
    giveBackPlace();
    next.cancel();
    lookAfterSocket();
    return Home.TAKEN;
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
      register.waitsNoMore();
      next.cancel();
      lasting = new LastingLink(around.resume(), lastingTimes(), new Lasting());
      lasting.speaks(around
          .protocol()
          .open(
              lasting, new HubOpening(hub, id, owner.newest(), address, HubTransport.WEBSOCKETS)));
    }
    if (lasting.isOver()) {
      return isMoved ? Negotiations.MOVED : Home.UNKNOWN;
    }
    return lasting.claim(socket) ? Negotiations.CARRIES : Negotiations.ALREADY_ACTIVE;
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
      outcome.accept(Home.UNKNOWN);
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
    register.adopts(token, this);
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
      HubState state = new HubState(hub.name(), owner.user(), address, kept, memory);
      heir.get()
          .deliver(
              foreignToken.orElseGet(() -> register.token(id)),
              new HubDeliver.Adopt(state),
              status -> {
                isMoved = status == Home.TAKEN;
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

  private LastingTimes lastingTimes() {
    return new LastingTimes(around.times()::after, around.times().laterInTheTurn());
  }
}
