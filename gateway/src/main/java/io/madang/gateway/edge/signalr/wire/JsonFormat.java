package io.madang.gateway.edge.signalr.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import io.madang.protocol.json.JsonText;
import io.madang.protocol.json.JsonValue;
import io.madang.protocol.json.JsonValue.Kind;
import io.madang.protocol.json.MalformedJsonException;
import io.madang.protocol.json.RawJson;
import io.madang.protocol.json.StrictJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Hub messages as JSON texts, each ended by {@value #END}. Members come in any order, and those that are not known are skipped; what
 * is absent is left out when written, as clients of Java take no null where they expect a text.
 */
final class JsonFormat implements HubFormat {
  static final byte END = 0x1E;

  private static final StrictJson STRICT = StrictJson.fromClients();

  @Override
  public boolean isBinary() {
    return false;
  }

  @Override
  public HubFrames frames(int maxMessageBytes) {
    return new HubFrames(maxMessageBytes) {
      @Override
      Frame find(byte[] in, int from, int to) {
        for (int i = from; i < to; i++) {
          if (in[i] == END) {
            return Frame.whole(from, i, i + 1);
          }
        }
        return Frame.partial(to - from);
      }
    };
  }

  @Override
  public int count(byte[] messages) {
    int count = 0;
    for (byte each : messages) {
      if (each == END) {
        count++;
      }
    }
    return count;
  }

  @Override
  public Optional<HubMessage> read(byte[] message) throws BadHubMessageException {
    Map<String, JsonValue> members = new HashMap<>();
    try {
      STRICT.object(message, members::put);
      return new Reading(members).message();
    } catch (MalformedJsonException e) {
      throw new BadHubMessageException(e.getMessage());
    }
  }

  private record Reading(Map<String, JsonValue> members) {
    Optional<HubMessage> message() throws BadHubMessageException, MalformedJsonException {
      long type = number("type");
      if (type < 1 || type > 9) {
        return Optional.empty();
      }
      return Optional.of(
          switch ((int) type) {
            case 1 -> new HubMessage.Invocation(id(), text("target"), arguments(), streams());
            case 2 ->
              new HubMessage.StreamItem(text("invocationId"), present("item").raw());
            case 3 -> completion();
            case 4 ->
              new HubMessage.StreamInvocation(
                  text("invocationId"), text("target"), arguments(), streams());
            case 5 -> new HubMessage.CancelInvocation(text("invocationId"));
            case 6 -> new HubMessage.Ping();
            case 7 -> new HubMessage.Close(optionalText("error"), flag("allowReconnect"));
            case 8 -> new HubMessage.Ack(number("sequenceId"));
            default -> new HubMessage.Sequence(number("sequenceId"));
          });
    }

    private Optional<String> id() throws BadHubMessageException {
      return optionalText("invocationId").filter(id -> !id.isEmpty());
    }

    private HubMessage completion() throws BadHubMessageException {
      Optional<RawJson> result = Optional.ofNullable(members.get("result")).map(JsonValue::raw);
      Optional<String> error = optionalText("error");
      if (result.isPresent() && error.isPresent()) {
        throw new BadHubMessageException("a completion has no result beside an error");
      }
      return new HubMessage.Completion(text("invocationId"), result, error);
    }

    private RawJson arguments() throws BadHubMessageException {
      return of(Kind.ARRAY, "arguments").raw();
    }

    private List<String> streams() throws BadHubMessageException, MalformedJsonException {
      JsonValue value = members.get("streamIds");
      if (value == null || value.kind() == Kind.NULL) {
        return List.of();
      }
      List<String> ids = new ArrayList<>();
      for (JsonValue id : STRICT.array(of(Kind.ARRAY, "streamIds"))) {
        if (id.kind() != Kind.STRING) {
          throw new BadHubMessageException("streamIds has an element that is no string");
        }
        ids.add(id.text());
      }
      return ids;
    }

    private boolean flag(String name) throws BadHubMessageException {
      JsonValue value = members.get(name);
      if (value == null || value.kind() == Kind.NULL || value.kind() == Kind.FALSE) {
        return false;
      }
      return of(Kind.TRUE, name).kind() == Kind.TRUE;
    }

    private long number(String name) throws BadHubMessageException {
      try {
        return Long.parseLong(of(Kind.INTEGER, name).text());
      } catch (NumberFormatException e) {
        throw new BadHubMessageException(name + " is out of range");
      }
    }

    private Optional<String> optionalText(String name) throws BadHubMessageException {
      JsonValue value = members.get(name);
      return value == null || value.kind() == Kind.NULL
          ? Optional.empty()
          : Optional.of(text(name));
    }

    private String text(String name) throws BadHubMessageException {
      return of(Kind.STRING, name).text();
    }

    private JsonValue of(Kind kind, String name) throws BadHubMessageException {
      JsonValue value = present(name);
      if (value.kind() != kind) {
        throw new BadHubMessageException(name + " must be " + kind.words());
      }
      return value;
    }

    private JsonValue present(String name) throws BadHubMessageException {
      JsonValue value = members.get(name);
      if (value == null) {
        throw new BadHubMessageException(name + " is missing");
      }
      return value;
    }
  }

  @Override
  public byte[] write(HubMessage message) {
    byte[] text = JsonText.of(out -> {
      out.writeStartObject();
      try {
        message.dispatch(new Writing(out));
      } catch (WritingFailedException e) {
        throw e.cause;
      }
      out.writeEndObject();
    });
    byte[] framed = Arrays.copyOf(text, text.length + 1);
    framed[text.length] = END;
    return framed;
  }

  /** Carries what a generator throws through a handler that may not. */
  private static final class WritingFailedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient IOException cause;

    WritingFailedException(IOException cause) {
      super(cause);
      this.cause = cause;
    }
  }

  private static final class Writing implements HubMessage.Handler<Boolean> {
    private final JsonGenerator out;

    Writing(JsonGenerator out) {
      this.out = out;
    }

    private boolean members(JsonText.Writing writing) {
      try {
        writing.write(out);
        return true;
      } catch (IOException e) {
        throw new WritingFailedException(e);
      }
    }

    private void call(int type, Optional<String> id, String target, RawJson arguments)
        throws IOException {
      out.writeNumberField("type", type);
      if (id.isPresent()) {
        out.writeStringField("invocationId", id.get());
      }
      out.writeStringField("target", target);
      out.writeFieldName("arguments");
      JsonText.raw(out, arguments);
    }

    private void streams(List<String> ids) throws IOException {
      if (!ids.isEmpty()) {
        out.writeArrayFieldStart("streamIds");
        for (String id : ids) {
          out.writeString(id);
        }
        out.writeEndArray();
      }
    }

    @Override
    public Boolean on(HubMessage.Invocation message) {
      return members(json -> {
        call(1, message.id(), message.target(), message.arguments());
        streams(message.streams());
      });
    }

    @Override
    public Boolean on(HubMessage.StreamInvocation message) {
      return members(json -> {
        call(4, Optional.of(message.id()), message.target(), message.arguments());
        streams(message.streams());
      });
    }

    @Override
    public Boolean on(HubMessage.StreamItem message) {
      return members(json -> {
        json.writeNumberField("type", 2);
        json.writeStringField("invocationId", message.id());
        json.writeFieldName("item");
        JsonText.raw(json, message.item());
      });
    }

    @Override
    public Boolean on(HubMessage.Completion message) {
      return members(json -> {
        json.writeNumberField("type", 3);
        json.writeStringField("invocationId", message.id());
        if (message.error().isPresent()) {
          json.writeStringField("error", message.error().get());
        } else if (message.result().isPresent()) {
          json.writeFieldName("result");
          JsonText.raw(json, message.result().get());
        }
      });
    }

    @Override
    public Boolean on(HubMessage.CancelInvocation message) {
      return members(json -> {
        json.writeNumberField("type", 5);
        json.writeStringField("invocationId", message.id());
      });
    }

    @Override
    public Boolean on(HubMessage.Ping message) {
      return members(json -> json.writeNumberField("type", 6));
    }

    @Override
    public Boolean on(HubMessage.Close message) {
      return members(json -> {
        json.writeNumberField("type", 7);
        if (message.error().isPresent()) {
          json.writeStringField("error", message.error().get());
        }
        if (message.allowReconnect()) {
          json.writeBooleanField("allowReconnect", true);
        }
      });
    }

    @Override
    public Boolean on(HubMessage.Ack message) {
      return numbered(8, message.sequence());
    }

    @Override
    public Boolean on(HubMessage.Sequence message) {
      return numbered(9, message.sequence());
    }

    private boolean numbered(int type, long sequence) {
      return members(json -> {
        json.writeNumberField("type", type);
        json.writeNumberField("sequenceId", sequence);
      });
    }
  }
}
