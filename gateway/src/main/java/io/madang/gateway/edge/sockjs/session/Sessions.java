package io.madang.gateway.edge.sockjs.session;

import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.relay.Taker;
import io.madang.gateway.edge.relay.Waiting;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.limit.Admission;
import io.madang.gateway.limit.AdmissionDesk;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.frame.ServerFrame.Failure;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;

/**
 * The sessions of one base that live on one event loop and are carried by HTTP responses. Sessions on WebSockets are not among
 * them: they live with their socket, whatever id their address has.
 */
public final class Sessions implements Home<Receive, Deliver> {
  private final SessionTimes times;
  private final Protocol protocol;
  private final AdmissionDesk admission;
  private final Function<Admission.Verdict, Failure> words;

  /** By id; of them some are over and only remembered. */
  private final Map<String, Known> sessions = new HashMap<>();

  /** @param admitted knows whose it is */
  private record Known(HttpSession session, Admitted admitted) {}

  /** @param words what a client is told for whom there is no room */
  public Sessions(
      SessionTimes times,
      Protocol protocol,
      AdmissionDesk admission,
      Function<Admission.Verdict, Failure> words) {
    this.times = times;
    this.protocol = protocol;
    this.admission = admission;
    this.words = words;
  }

  @Override
  public Waiting receive(String id, Receive request, Taker taker) {
    Known known = sessions.get(id);
    if (known == null) {
      return open(id, request.from(), request.reception(), taker);
    }
    return known.admitted().isFor(request.from())
        ? known.session().receive(request.reception(), taker)
        : HttpSession.refuse(request.reception(), taker);
  }

  private Waiting open(String id, Opening from, Reception reception, Taker taker) {
    HttpSession session = new HttpSession(times, () -> sessions.remove(id));
    Waiting waiting = session.receive(reception, taker);
    Admitted admitted = new Admitted(protocol.open(session, from), from);
    sessions.put(id, new Known(session, admitted));
    session.speaks(admitted);
    admitted.ask();
    return waiting;
  }

  @Override
  public void deliver(String id, Deliver request, IntConsumer outcome) {
    Known known = sessions.get(id);
    outcome.accept(known != null && request.dispatch(new Deliveries(known)) ? TAKEN : UNKNOWN);
  }

  /** Each answers whether the session took it. */
  private static final class Deliveries implements Deliver.Handler<Boolean> {
    private final Known known;

    Deliveries(Known known) {
      this.known = known;
    }

    @Override
    public Boolean on(Deliver.Messages request) {
      if (!known.session().isOpen() || !known.admitted().isFor(request.from())) {
        return false;
      }
      known.session().deliver(request.messages());
      return true;
    }

    @Override
    public Boolean on(Deliver.Leaving request) {
      known.session().carrierLeaves();
      return true;
    }
  }

  /** How many there are, those that are only remembered included. */
  public int size() {
    return sessions.size();
  }

  /** A conversation that holds a place of its client's address, once it got one, and is only for who opened it. */
  private final class Admitted implements Conversation {
    private final Conversation conversation;
    private final String address;

    /** The newest credential that counts, where the session was opened with one that each request brings; else empty. */
    private Optional<Credential> owner;

    private boolean holdsPlace;
    private boolean isClosed;

    Admitted(Conversation conversation, Opening from) {
      this.conversation = conversation;
      this.address = from.address();
      // A ticket counts once only, so it says nothing of later requests.
      this.owner = from.offered().filter(credential -> !(credential instanceof Credential.Ticket));
    }

    /**
     * Whether the request comes from who opened the session: whoever guesses an id does not know the credential. One that came
     * with nothing but a token in its messages is known by its id alone.
     */
    boolean isFor(Opening from) {
      if (owner.isEmpty() || owner.equals(from.offered())) {
        return true;
      }
      boolean isSame = from.offered().filter(conversation::isOf).isPresent();
      if (isSame) {
        owner = from.offered();
      }
      return isSame;
    }

    void ask() {
      admission.admit(address).onSuccess(this::onVerdict);
    }

    private void onVerdict(Admission.Verdict verdict) {
      holdsPlace = verdict instanceof Admission.Welcome;
      if (isClosed) {
        giveBack();
      } else if (!holdsPlace) {
        conversation.onNoPlace(words.apply(verdict));
      }
    }

    private void giveBack() {
      if (holdsPlace) {
        holdsPlace = false;
        admission.release(address);
      }
    }

    @Override
    public boolean isOf(Credential credential) {
      return conversation.isOf(credential);
    }

    @Override
    public void onMessage(String message, boolean isText) {
      conversation.onMessage(message, isText);
    }

    @Override
    public void onHeard() {
      conversation.onHeard();
    }

    @Override
    public void onWritten() {
      conversation.onWritten();
    }

    @Override
    public void onNoPlace(Failure failure) {
      conversation.onNoPlace(failure);
    }

    @Override
    public void onViolation(CloseCode code) {
      conversation.onViolation(code);
    }

    @Override
    public void onShutdown() {
      conversation.onShutdown();
    }

    @Override
    public void onClosed() {
      isClosed = true;
      conversation.onClosed();
      giveBack();
    }
  }
}
