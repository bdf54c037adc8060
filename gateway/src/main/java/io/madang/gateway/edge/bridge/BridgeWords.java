package io.madang.gateway.edge.bridge;

import com.fasterxml.jackson.core.JsonGenerator;
import io.madang.gateway.edge.http.Problems;
import io.madang.gateway.edge.sockjs.session.Speech;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.json.JsonText;
import io.madang.protocol.json.RawJson;
import java.io.IOException;
import java.util.Optional;

/** What clients of the bridge are told, as UTF-8 JSON. */
final class BridgeWords {
  /** How publications are said, once for all clients of the node. */
  static final Speech SPEECH =
      new Speech(shared -> publication(SharedPublication.frameOf(shared.publication())));

  /** A failure of the delivery itself has this number in Vert.x. */
  private static final int NOT_DELIVERED = -1;

  private BridgeWords() {}

  /** A publication is a message for its topic; where it stands is in the headers, by which a client can register from there. */
  static byte[] publication(ServerFrame.Publication publication) {
    return message(publication.topic(), publication.data(), out -> {
      out.writeStringField("event", publication.event());
      out.writeStringField("time", publication.time().toString());
      if (publication.place().isPresent()) {
        ServerFrame.Place place = publication.place().get();
        out.writeStringField("epoch", place.epoch());
        out.writeStringField("offset", Long.toString(place.offset()));
        out.writeStringField("prev", Long.toString(place.prev()));
      }
      if (publication.key().isPresent()) {
        out.writeStringField("key", publication.key().get());
      }
      if (publication.command().isPresent()) {
        out.writeStringField("command", publication.command().get());
      }
    });
  }

  /** What a topic is at a position. */
  static byte[] snapshot(ServerFrame.TopicState state, RawJson snapshot) {
    return message(state.topic(), snapshot, out -> {
      out.writeStringField("event", "snapshot");
      out.writeStringField("epoch", state.position().epoch());
      out.writeStringField("offset", Long.toString(state.position().offset()));
    });
  }

  /** What a client missed and will not hear. */
  static byte[] gap(ServerFrame.Gap gap) {
    RawJson body = JsonText.object(out -> {
      out.writeNumberField("from", gap.from().offset());
      out.writeNumberField("to", gap.to().offset());
    });
    return message(gap.topic(), body, out -> {
      out.writeStringField("event", "gap");
      out.writeStringField("epoch", gap.to().epoch());
      out.writeStringField("offset", Long.toString(gap.to().offset()));
    });
  }

  private static byte[] message(String address, RawJson body, JsonText.Writing headers) {
    return JsonText.of(out -> {
      out.writeStartObject();
      out.writeStringField("type", "rec");
      out.writeStringField("address", address);
      out.writeObjectFieldStart("headers");
      headers.write(out);
      out.writeEndObject();
      out.writeFieldName("body");
      JsonText.raw(out, body);
      out.writeEndObject();
    });
  }

  /** The answer to what a client sent. */
  static byte[] reply(String replyAddress, RawJson body) {
    return JsonText.of(out -> {
      out.writeStartObject();
      out.writeStringField("type", "rec");
      out.writeStringField("address", replyAddress);
      out.writeFieldName("body");
      JsonText.raw(out, body);
      out.writeEndObject();
    });
  }

  /** What Vert.x's bridge says of a message that it cannot read. */
  static byte[] unreadable(String text) {
    return JsonText.of(out -> {
      out.writeStartObject();
      out.writeStringField("type", "err");
      out.writeStringField("body", text);
      out.writeEndObject();
    });
  }

  /**
   * A failure, in the words of Vert.x's bridge beside our own.
   *
   * @param address whose handlers or callback hear it; else the client's error handler does
   */
  static byte[] failure(Optional<String> address, Failure failure) {
    return JsonText.of(out -> {
      out.writeStartObject();
      out.writeStringField("type", "err");
      if (address.isPresent()) {
        out.writeStringField("address", address.get());
      }
      writeFailure(out, failure);
      out.writeEndObject();
    });
  }

  private static void writeFailure(JsonGenerator out, Failure failure) throws IOException {
    String type = failureType(failure);
    out.writeNumberField(
        "failureCode", type.equals("RECIPIENT_FAILURE") ? Problems.status(failure) : NOT_DELIVERED);
    out.writeStringField("failureType", type);
    out.writeStringField("message", failure.message());
    out.writeStringField("body", text(failure));
    out.writeStringField("code", failure.code());
    if (failure.retryAfterMs() > 0) {
      out.writeNumberField("retryAfterMs", failure.retryAfterMs());
    }
  }

  private static String failureType(Failure failure) {
    return switch (failure.code()) {
      case "unknown-service", "unavailable" -> "NO_HANDLERS";
      case "timeout" -> "TIMEOUT";
      default -> "RECIPIENT_FAILURE";
    };
  }

  private static String text(Failure failure) {
    return switch (failure.code()) {
      case "unauthenticated", "bad-token", "token-expired", "bad-ticket", "revoked" ->
        "not_logged_in";
      case "forbidden", "unknown-topic", "unknown-command", "unknown-service" -> "access_denied";
      case "too-many-topics" -> "max_handlers_reached";
      case "conflict" -> "address_already_registered";
      default -> "rejected";
    };
  }
}
