package io.madang.protocol.codec;

import static io.madang.protocol.codec.ClientFrameWriter.begin;
import static io.madang.protocol.codec.ClientFrameWriter.position;
import static io.madang.protocol.codec.ClientFrameWriter.raw;

import com.fasterxml.jackson.core.JsonGenerator;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.json.JsonText;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/** What a gateway says, as JSON. */
final class ServerFrameWriter implements ServerFrame.Handler<JsonText.Writing> {

  byte[] write(ServerFrame frame) {
    JsonText.Writing members = frame.dispatch(this);
    return JsonText.of(out -> {
      out.writeStartObject();
      members.write(out);
      out.writeEndObject();
    });
  }

  @Override
  public JsonText.Writing on(ServerFrame.Connected frame) {
    return out -> {
      begin(out, "connected", frame.ref());
      out.writeStringField("connection", frame.connection());
      out.writeStringField("node", frame.node());
      user(out, frame.user());
      out.writeNumberField("heartbeatMs", frame.heartbeatMs());
      time(out, "expiresAt", frame.expiresAt());
      limits(out, frame.limits());
    };
  }

  @Override
  public JsonText.Writing on(ServerFrame.Subscribed frame) {
    return out -> {
      begin(out, "subscribed", frame.ref());
      state(out, frame.topic());
    };
  }

  @Override
  public JsonText.Writing on(ServerFrame.Resumed frame) {
    return out -> {
      begin(out, "resumed", frame.ref());
      out.writeArrayFieldStart("topics");
      for (ServerFrame.Resumption topic : frame.topics()) {
        out.writeStartObject();
        topic.dispatch(RESUMPTION).write(out);
        out.writeEndObject();
      }
      out.writeEndArray();
    };
  }

  @Override
  public JsonText.Writing on(ServerFrame.Unsubscribed frame) {
    return out -> {
      begin(out, "unsubscribed", frame.ref());
      out.writeStringField("topic", frame.topic());
      text(out, "reason", frame.reason());
    };
  }

  @Override
  public JsonText.Writing on(ServerFrame.Reply frame) {
    return out -> {
      begin(out, "reply", frame.ref());
      raw(out, "result", frame.result());
    };
  }

  @Override
  public JsonText.Writing on(ServerFrame.Item frame) {
    return out -> {
      begin(out, "item", frame.ref());
      raw(out, "item", frame.item());
    };
  }

  @Override
  public JsonText.Writing on(ServerFrame.More frame) {
    return out -> {
      begin(out, "more", frame.ref());
      out.writeNumberField("items", frame.items());
    };
  }

  @Override
  public JsonText.Writing on(ServerFrame.Complete frame) {
    return out -> begin(out, "complete", frame.ref());
  }

  @Override
  public JsonText.Writing on(ServerFrame.Refreshed frame) {
    return out -> {
      begin(out, "refreshed", frame.ref());
      time(out, "expiresAt", frame.expiresAt());
    };
  }

  @Override
  public JsonText.Writing on(ServerFrame.Pong frame) {
    return out -> {
      begin(out, "pong", frame.ref());
      out.writeStringField("time", frame.time().toString());
    };
  }

  @Override
  public JsonText.Writing on(ServerFrame.Publication frame) {
    return out -> {
      begin(out, "publication", ClientFrame.NO_REF);
      publication(out, frame);
    };
  }

  @Override
  public JsonText.Writing on(ServerFrame.Gap frame) {
    return out -> {
      begin(out, "gap", ClientFrame.NO_REF);
      out.writeStringField("topic", frame.topic());
      positionField(out, "from", frame.from());
      positionField(out, "to", frame.to());
    };
  }

  @Override
  public JsonText.Writing on(ServerFrame.Disconnect frame) {
    return out -> {
      begin(out, "disconnect", ClientFrame.NO_REF);
      out.writeNumberField("code", frame.code());
      out.writeStringField("reason", frame.reason());
      out.writeBooleanField("reconnect", frame.reconnect());
      out.writeNumberField("afterMs", frame.afterMs());
    };
  }

  @Override
  public JsonText.Writing on(ServerFrame.Error frame) {
    return out -> {
      begin(out, "error", frame.ref());
      failure(out, frame.failure());
    };
  }

  private static final ServerFrame.ResumptionHandler<JsonText.Writing> RESUMPTION =
      new ServerFrame.ResumptionHandler<>() {
        @Override
        public JsonText.Writing on(ServerFrame.Restored resumption) {
          return out -> state(out, resumption.state());
        }

        @Override
        public JsonText.Writing on(ServerFrame.NotRestored resumption) {
          return out -> {
            out.writeStringField("topic", resumption.topic());
            out.writeObjectFieldStart("error");
            failure(out, resumption.failure());
            out.writeEndObject();
          };
        }
      };

  private static void state(JsonGenerator out, ServerFrame.TopicState state) throws IOException {
    out.writeStringField("topic", state.topic());
    positionField(out, "position", state.position());
    out.writeBooleanField("recovered", state.recovered());
    if (state.snapshot().isPresent()) {
      raw(out, "snapshot", state.snapshot().get());
    }
    out.writeArrayFieldStart("publications");
    for (ServerFrame.Publication publication : state.publications()) {
      out.writeStartObject();
      publication(out, publication);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void publication(JsonGenerator out, ServerFrame.Publication publication)
      throws IOException {
    out.writeStringField("topic", publication.topic());
    if (publication.place().isPresent()) {
      ServerFrame.Place place = publication.place().get();
      position(out, place.position());
      out.writeNumberField("prev", place.prev());
    }
    out.writeStringField("event", publication.event());
    text(out, "key", publication.key());
    text(out, "command", publication.command());
    out.writeStringField("time", publication.time().toString());
    raw(out, "data", publication.data());
  }

  private static void failure(JsonGenerator out, ServerFrame.Failure failure) throws IOException {
    out.writeStringField("code", failure.code());
    out.writeStringField("message", failure.message());
    out.writeStringField("retry", failure.retry().wire());
    out.writeNumberField("retryAfterMs", failure.retryAfterMs());
    if (failure.details().isPresent()) {
      raw(out, "details", failure.details().get());
    }
  }

  private static void user(JsonGenerator out, ServerFrame.User user) throws IOException {
    out.writeObjectFieldStart("user");
    out.writeStringField("id", user.id());
    out.writeStringField("name", user.name());
    out.writeArrayFieldStart("roles");
    for (String role : user.roles()) {
      out.writeString(role);
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  private static void limits(JsonGenerator out, ServerFrame.Limits limits) throws IOException {
    out.writeObjectFieldStart("limits");
    out.writeNumberField("maxMessageBytes", limits.maxMessageBytes());
    out.writeNumberField("maxTopics", limits.maxTopics());
    out.writeNumberField("maxPending", limits.maxPending());
    out.writeNumberField("commandsPerSecond", limits.commandsPerSecond());
    out.writeNumberField("commandBurst", limits.commandBurst());
    out.writeEndObject();
  }

  private static void positionField(JsonGenerator out, String name, StreamPosition position)
      throws IOException {
    out.writeObjectFieldStart(name);
    position(out, position);
    out.writeEndObject();
  }

  private static void text(JsonGenerator out, String name, Optional<String> value)
      throws IOException {
    if (value.isPresent()) {
      out.writeStringField(name, value.get());
    }
  }

  private static void time(JsonGenerator out, String name, Optional<Instant> value)
      throws IOException {
    text(out, name, value.map(Instant::toString));
  }
}
