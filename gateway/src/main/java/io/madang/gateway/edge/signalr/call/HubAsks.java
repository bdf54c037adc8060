package io.madang.gateway.edge.signalr.call;

import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.service.ClientAnswer;
import io.madang.runtime.service.ClientAnswer.Reason;
import io.madang.runtime.service.ClientQuestion;
import io.madang.runtime.topic.Payload;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What services ask one client: calls with ids of ours, which it completes. An answer to what is not asked, or not any more, is
 * ignored. On the connection's loop.
 */
final class HubAsks {
  /** Of what a client says why it failed; the rest is cut. */
  static final int MAX_ERROR_CHARS = 1_000;

  /** Clients number their calls and streams; no number begins so. */
  private static final String ID_PREFIX = "ask-";

  private final HubVoice voice;
  private final HubReading reading;
  private final HubCalls.Limits limits;

  /** Whether the client has given an id to something of its own. */
  private final Predicate<String> isClients;

  private final Map<String, Asked> open = new HashMap<>();
  private long lastNumber;
  private boolean isOver;

  private record Asked(Consumer<ClientAnswer> told, Runnable deadline) {}

  HubAsks(HubVoice voice, HubReading reading, HubCalls.Limits limits, Predicate<String> isClients) {
    this.voice = voice;
    this.reading = reading;
    this.limits = limits;
    this.isClients = isClients;
  }

  /** @param told is told once what became of it, which may be at once */
  void ask(ClientQuestion question, Consumer<ClientAnswer> told) {
    if (isOver) {
      told.accept(gone());
    } else if (open.size() >= limits.maxAsks()) {
      told.accept(new ClientAnswer.Untold(
          Reason.BUSY, "The client has " + limits.maxAsks() + " questions before it already."));
    } else if (bytes(question) > limits.maxAskBytes()) {
      told.accept(new ClientAnswer.Untold(
          Reason.TOO_LARGE,
          "What a client is asked has at most " + limits.maxAskBytes() + " bytes as JSON."));
    } else {
      put(question, told);
    }
  }

  private void put(ClientQuestion question, Consumer<ClientAnswer> told) {
    String id = newId();
    Runnable deadline = voice.later(
        question.within(),
        () -> end(
            id,
            new ClientAnswer.Untold(
                Reason.LATE,
                "The client did not answer within " + question.within().toMillis() + " ms.")));
    open.put(id, new Asked(told, deadline));
    if (open.size() == 1) {
      reading.setAsking(true);
    }
    voice.say(HubMessage.Invocation.asking(
        id, question.target(), RawJson.trusted(array(question.arguments()))));
  }

  private String newId() {
    String id;
    do {
      id = ID_PREFIX + ++lastNumber;
    } while (isClients.test(id));
    return id;
  }

  private static int bytes(ClientQuestion question) {
    return question.target().getBytes(StandardCharsets.UTF_8).length
        + question.arguments().stream().mapToInt(Payload::bytes).sum();
  }

  private static byte[] array(List<Payload> values) {
    ByteArrayOutputStream array = new ByteArrayOutputStream();
    array.write('[');
    for (int i = 0; i < values.size(); i++) {
      if (i > 0) {
        array.write(',');
      }
      array.writeBytes(values.get(i).utf8());
    }
    array.write(']');
    return array.toByteArray();
  }

  /** Whether any is not answered yet. */
  boolean isOpen() {
    return !open.isEmpty();
  }

  /** Whether an id is that of a question, so that the client cannot give it to anything of its own. */
  boolean has(String id) {
    return open.containsKey(id);
  }

  /** False when the client completes something else. */
  boolean complete(HubMessage.Completion message) {
    if (!open.containsKey(message.id())) {
      return false;
    }
    end(
        message.id(),
        message.error().isPresent()
            ? new ClientAnswer.Untold(Reason.FAILED, shortened(message.error().get()))
            : new ClientAnswer.Told(
                message.result().map(result -> Payload.wrap(result.utf8())).orElse(Payload.NULL)));
    return true;
  }

  private static String shortened(String text) {
    return text.length() <= MAX_ERROR_CHARS ? text : text.substring(0, MAX_ERROR_CHARS);
  }

  private void end(String id, ClientAnswer answer) {
    Asked asked = open.remove(id);
    asked.deadline().run();
    if (open.isEmpty() && !isOver) {
      reading.setAsking(false);
    }
    asked.told().accept(answer);
  }

  /** The connection is over: nothing is answered any more. */
  void end() {
    isOver = true;
    List.copyOf(open.keySet()).forEach(id -> end(id, gone()));
  }

  private static ClientAnswer gone() {
    return new ClientAnswer.Untold(Reason.GONE, "The connection is over.");
  }
}
