package io.madang.gateway.edge.sockjs.session;

import io.madang.gateway.limit.Admission;
import io.madang.gateway.limit.AdmissionDesk;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.frame.ServerFrame.Failure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The sessions of one base that live on one event loop and are carried by HTTP responses. Sessions on WebSockets are not among
 * them: they live with their socket, whatever id their address has.
 */
public final class Sessions implements Home {
  private final SessionTimes times;
  private final Protocol protocol;
  private final AdmissionDesk admission;
  private final Function<Admission.Verdict, Failure> words;

  /** By id; of them some are over and only remembered. */
  private final Map<String, HttpSession> sessions = new HashMap<>();

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
  public Waiting receive(String id, Opening from, Reception reception, Taker taker) {
    HttpSession known = sessions.get(id);
    if (known != null) {
      return known.receive(reception, taker);
    }
    HttpSession session = new HttpSession(times, () -> sessions.remove(id));
    sessions.put(id, session);
    Waiting waiting = session.receive(reception, taker);
    Admitted admitted = new Admitted(protocol.open(session, from), from.address());
    session.speaks(admitted);
    admitted.ask();
    return waiting;
  }

  @Override
  public void deliver(
      String id, Opening from, List<String> messages, Consumer<Delivery> outcome) {
    HttpSession session = sessions.get(id);
    if (session == null || !session.isOpen()) {
      outcome.accept(Delivery.UNKNOWN);
      return;
    }
    session.deliver(messages);
    outcome.accept(Delivery.TAKEN);
  }

  /** How many there are, those that are only remembered included. */
  public int size() {
    return sessions.size();
  }

  /** A conversation that holds a place of its client's address, once it got one. */
  private final class Admitted implements Conversation {
    private final Conversation conversation;
    private final String address;
    private boolean holdsPlace;
    private boolean isClosed;

    Admitted(Conversation conversation, String address) {
      this.conversation = conversation;
      this.address = address;
    }

    void ask() {
      admission.admit(address).onSuccess(this::onVerdict);
    }

    private void onVerdict(Admission.Verdict verdict) {
      holdsPlace = verdict instanceof Admission.Welcome;
      if (isClosed) {
        giveBack();
      } else if (!holdsPlace) {
        conversation.onNoRoom(words.apply(verdict));
      }
    }

    private void giveBack() {
      if (holdsPlace) {
        holdsPlace = false;
        admission.release(address);
      }
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
    public void onNoRoom(Failure failure) {
      conversation.onNoRoom(failure);
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
