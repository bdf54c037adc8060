package io.madang.system.garbage;

import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.codec.BadFrameException;
import io.madang.protocol.codec.FrameCodec;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.json.JsonLimits;
import io.madang.protocol.json.JsonValue;
import io.madang.protocol.json.MalformedJsonException;
import io.madang.protocol.json.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Somebody who is signed in on one connection and says what no client library would let them say. For one thread. */
final class Client implements AutoCloseable {
  private static final StrictJson JSON = new StrictJson(JsonLimits.fromGateways());

  private final WireSocket socket;
  private final boolean wrapped;
  private final FrameCodec codec = new FrameCodec();

  /** Frames that came in one message with others and were not awaited yet. */
  private final Deque<ServerFrame> waiting = new ArrayDeque<>();

  private long lastRef;

  private Client(WireSocket socket, boolean wrapped) {
    this.socket = socket;
    this.wrapped = wrapped;
  }

  /** Over the native protocol's own address. */
  static Client overWebSocket(int port, String token) {
    return new Client(WireSocket.open(port, "/ws", token), false);
  }

  /** Over SockJS, whose frames hold lists of texts. */
  static Client overSockJs(int port, String token) {
    WireSocket socket =
        WireSocket.open(port, "/sockjs/000/" + System.nanoTime() + "/websocket", token);
    String greeting = new String(socket.next(), StandardCharsets.UTF_8);
    if (!greeting.equals("o")) {
      throw new AssertionError("SockJS greets with " + greeting);
    }
    return new Client(socket, true);
  }

  long nextRef() {
    return ++lastRef;
  }

  /** Says it; on the wire at the latest when something is awaited. */
  void say(String frame) {
    socket.text(wrapped ? "[" + Garbage.quoted(frame) + "]" : frame);
  }

  /** The next frame, whatever it is. */
  ServerFrame hear() {
    while (waiting.isEmpty()) {
      receive(socket.next());
    }
    return waiting.remove();
  }

  private void receive(byte[] message) {
    if (!wrapped) {
      waiting.add(decoded(message));
    } else if (message[0] == 'a') {
      try {
        byte[] list = Arrays.copyOfRange(message, 1, message.length);
        for (JsonValue frame : JSON.array(JSON.value(list))) {
          waiting.add(decoded(frame.text().getBytes(StandardCharsets.UTF_8)));
        }
      } catch (MalformedJsonException e) {
        throw new AssertionError("SockJS sends no list of texts", e);
      }
    } else if (message[0] != 'h') {
      throw new AssertionError("SockJS says " + new String(message, StandardCharsets.UTF_8));
    }
  }

  private ServerFrame decoded(byte[] frame) {
    try {
      return codec.decodeServerFrame(frame);
    } catch (BadFrameException e) {
      throw new AssertionError(
          "the gateway sends what is no frame: " + new String(frame, StandardCharsets.UTF_8), e);
    }
  }

  /**
   * Says all of it, each with a ping after it, and hears one answer to each ref.
   *
   * @return by ref what answered it; under {@link ClientFrame#NO_REF} nothing
   */
  Map<Long, ServerFrame> answers(Map<Long, String> frames) {
    Map<Long, ServerFrame> answers = new HashMap<>();
    Map<Long, String> awaited = new LinkedHashMap<>(frames);
    frames.values().forEach(frame -> {
      say(frame);
      long ping = nextRef();
      say("{\"type\":\"ping\",\"ref\":" + ping + "}");
      awaited.put(ping, "ping");
    });
    try {
      while (!awaited.isEmpty()) {
        ServerFrame frame = hear();
        long ref = refOf(frame);
        if (awaited.remove(ref) != null) {
          answers.put(ref, frame);
        } else if (frame instanceof ServerFrame.Error error) {
          throw new AssertionError("an error answers nothing that was asked: " + error);
        }
      }
    } catch (RuntimeException | AssertionError e) {
      String first = awaited.values().iterator().next();
      throw new AssertionError(
          "no answer to %.200s and %d more".formatted(first, awaited.size() - 1), e);
    }
    return answers;
  }

  /** Says one thing that can have no ref and a ping, and hears what comes before the pong. */
  List<ServerFrame> answersBeforePong(String frame) {
    long ping = nextRef();
    say(frame);
    say("{\"type\":\"ping\",\"ref\":" + ping + "}");
    List<ServerFrame> answers = new ArrayList<>();
    for (ServerFrame heard = hear(); refOf(heard) != ping; heard = hear()) {
      answers.add(heard);
    }
    return answers;
  }

  /** Asks for something right; the answer must be a reply. */
  String reply(String service, String name, String args) {
    long ref = nextRef();
    ServerFrame answer =
        answers(Map.of(ref, frame("command", ref, service, name, args))).get(ref);
    if (answer instanceof ServerFrame.Reply reply) {
      return reply.result().toString();
    }
    throw new AssertionError(service + "/" + name + " answers " + answer);
  }

  /** A whole frame around arguments, its ref at the beginning so that it is read whatever comes later. */
  static String frame(String type, long ref, String service, String name, String args) {
    return "{\"type\":\"%s\",\"ref\":%d,\"service\":\"%s\",\"name\":\"%s\",\"args\":%s}"
        .formatted(type, ref, service, name, args);
  }

  private static long refOf(ServerFrame frame) {
    if (frame instanceof ServerFrame.Error error) {
      return error.ref();
    }
    if (frame instanceof ServerFrame.Reply reply) {
      return reply.ref();
    }
    if (frame instanceof ServerFrame.Pong pong) {
      return pong.ref();
    }
    if (frame instanceof ServerFrame.Complete complete) {
      return complete.ref();
    }
    if (frame instanceof ServerFrame.Item item) {
      return item.ref();
    }
    return ClientFrame.NO_REF;
  }

  /** What is wrong with a failure as failures go; empty if a client can make something of it. */
  static Optional<String> flaw(Failure failure) {
    if (!failure.code().matches("[a-z]+(-[a-z]+)*")) {
      return Optional.of("its code is none");
    }
    if (List.of(ErrorCode.INTERNAL, ErrorCode.UNAVAILABLE, ErrorCode.TIMEOUT).stream()
        .anyMatch(ours -> ours.wire().equals(failure.code()))) {
      return Optional.of("its code says that something of ours is ill");
    }
    if (failure.message().isBlank()) {
      return Optional.of("it says nothing");
    }
    if (failure.message().length() > 300
        || failure.message().matches("(?s).*(Exception|\\w+\\.\\w+\\.\\w+|\n).*")) {
      return Optional.of("it says what is inside");
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    socket.close();
  }
}
