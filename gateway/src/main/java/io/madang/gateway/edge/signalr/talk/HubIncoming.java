package io.madang.gateway.edge.signalr.talk;

import io.madang.gateway.edge.signalr.call.HubCalls;
import io.madang.gateway.edge.signalr.session.HubLink;
import io.madang.gateway.edge.signalr.wire.BadHubMessageException;
import io.madang.gateway.edge.signalr.wire.HubFormat;
import io.madang.gateway.edge.signalr.wire.HubFrames;
import io.madang.gateway.edge.signalr.wire.HubHandshake;
import io.madang.gateway.edge.signalr.wire.HubMessage;
import java.util.Optional;

/**
 * What the client of one hub connection says: its bytes become a handshake and then messages, each taken in its turn, or left to wait
 * while none may be taken. Owns what came and was not taken, and whether anything may be. On the connection's loop.
 */
final class HubIncoming {
  /** Takes what was said. */
  interface Host {
    /** What follows the handshake is read by it already. */
    void onHandshake(HubHandshake handshake);

    /** The handshake is not accepted; the client is told why. */
    void onRefused(String why);

    /** Told before what was said is done. */
    void onSaid(HubMessage message);

    /** The client says goodbye. */
    void onGoodbye();

    /** The client says what nobody can read, or too much before it may. */
    void onBadInput(String why);

    /** Whether nothing is to be taken any more. */
    boolean isClosed();
  }

  private final HubLink link;
  private final HubCourse course;
  private final Form form;
  private final Host host;
  private final HubMessage.Handler<Boolean> messages;

  /** Takes the frames off what comes; of the handshake first. */
  private HubFrames frames;

  /** Of the messages; set by the handshake. */
  private HubFormat format = HubFormat.JSON;

  /** Whether what the client says is taken; else it waits, here and with the client. */
  private boolean isReading = true;

  /** Whether nothing more is ever taken, as the connection goes on elsewhere. */
  private boolean isStopped;

  /** Whether messages are just being taken, which may let reading end and begin again. */
  private boolean isTaking;

  /**
   * How it is said.
   *
   * @param takesBytes whether the transport carries more than text
   */
  record Form(boolean takesBytes, int maxMessageBytes) {}

  HubIncoming(
      HubLink link, HubCourse course, Form form, HubCalls calls, HubPulse pulse, Host host) {
    this.link = link;
    this.course = course;
    this.form = form;
    this.host = host;
    this.messages = new Messages(calls, pulse, host);
    this.frames = HubHandshake.frames(form.maxMessageBytes());
  }

  void add(byte[] bytes) {
    frames.add(bytes);
    read();
  }

  /** Takes what came, as far as it may be taken. */
  void read() {
    try {
      if (course.isHandshaking()) {
        frames.next().ifPresent(this::takeHandshake);
      }
      takeMessages();
      if (course.isEntering() && frames.waiting() > form.maxMessageBytes()) {
        host.onBadInput("more than one message may have came before the handshake's answer");
      }
    } catch (BadHubMessageException e) {
      host.onBadInput(e.getMessage());
    }
  }

  private void takeHandshake(byte[] said) {
    try {
      HubHandshake handshake = HubHandshake.read(said, form.takesBytes());
      byte[] rest = frames.rest();
      speaks(handshake.format());
      frames.add(rest);
      host.onHandshake(handshake);
    } catch (HubHandshake.RefusedException e) {
      host.onRefused(e.getMessage());
    }
  }

  private void takeMessages() throws BadHubMessageException {
    if (isTaking) {
      return;
    }
    isTaking = true;
    try {
      while (course.isOpen() && isReading && !isStopped && !host.isClosed()) {
        Optional<byte[]> next = frames.next();
        if (next.isEmpty()) {
          return;
        }
        Optional<HubMessage> message = format.read(next.get());
        if (message.isPresent() && link.takes(message.get())) {
          host.onSaid(message.get());
          message.get().dispatch(messages);
        }
      }
    } finally {
      isTaking = false;
    }
  }

  /** What comes now are messages, from the begin of one on. */
  void speaks(HubFormat agreed) {
    format = agreed;
    startAnew();
  }

  /** What comes now comes from the begin of a message on. */
  void startAnew() {
    frames = format.frames(form.maxMessageBytes());
  }

  boolean isReading() {
    return isReading;
  }

  void setReading(boolean reads) {
    isReading = reads;
    link.setReading(reads && !isStopped);
    if (reads) {
      read();
    }
  }

  /** Nothing more is taken. */
  void stop() {
    isStopped = true;
    link.setReading(false);
  }

  /** What is done of each. */
  private static final class Messages implements HubMessage.Handler<Boolean> {
    private final HubCalls calls;
    private final HubPulse pulse;
    private final Host host;

    Messages(HubCalls calls, HubPulse pulse, Host host) {
      this.calls = calls;
      this.pulse = pulse;
      this.host = host;
    }

    @Override
    public Boolean on(HubMessage.Invocation message) {
      calls.invoke(message);
      return true;
    }

    @Override
    public Boolean on(HubMessage.StreamInvocation message) {
      calls.stream(message);
      return true;
    }

    @Override
    public Boolean on(HubMessage.StreamItem message) {
      calls.item(message);
      return true;
    }

    @Override
    public Boolean on(HubMessage.Completion message) {
      calls.complete(message);
      return true;
    }

    @Override
    public Boolean on(HubMessage.CancelInvocation message) {
      calls.cancel(message);
      return true;
    }

    @Override
    public Boolean on(HubMessage.Ping message) {
      pulse.onPinged();
      return true;
    }

    @Override
    public Boolean on(HubMessage.Close message) {
      host.onGoodbye();
      return true;
    }

    @Override
    public Boolean on(HubMessage.Ack message) {
      return false;
    }

    @Override
    public Boolean on(HubMessage.Sequence message) {
      return false;
    }
  }
}
