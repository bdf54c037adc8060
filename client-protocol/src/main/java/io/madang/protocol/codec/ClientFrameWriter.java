package io.madang.protocol.codec;

import com.fasterxml.jackson.core.JsonGenerator;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.frame.TopicPosition;
import io.madang.protocol.json.JsonText;
import io.madang.protocol.json.RawJson;
import java.io.IOException;

/** What a client says, as JSON. */
final class ClientFrameWriter implements ClientFrame.Handler<JsonText.Writing> {

  byte[] write(ClientFrame frame) {
    JsonText.Writing members = frame.dispatch(this);
    return JsonText.of(out -> {
      out.writeStartObject();
      members.write(out);
      out.writeEndObject();
    });
  }

  @Override
  public JsonText.Writing on(ClientFrame.Connect frame) {
    return out -> {
      begin(out, "connect", frame.ref());
      if (frame.token().isPresent()) {
        out.writeStringField("token", frame.token().get());
      }
    };
  }

  @Override
  public JsonText.Writing on(ClientFrame.Subscribe frame) {
    return out -> {
      begin(out, "subscribe", frame.ref());
      out.writeStringField("topic", frame.topic());
      if (frame.since().isPresent()) {
        out.writeObjectFieldStart("since");
        position(out, frame.since().get());
        out.writeEndObject();
      }
    };
  }

  @Override
  public JsonText.Writing on(ClientFrame.Resume frame) {
    return out -> {
      begin(out, "resume", frame.ref());
      out.writeArrayFieldStart("topics");
      for (TopicPosition topic : frame.topics()) {
        out.writeStartObject();
        out.writeStringField("topic", topic.topic());
        position(out, topic.position());
        out.writeEndObject();
      }
      out.writeEndArray();
    };
  }

  @Override
  public JsonText.Writing on(ClientFrame.Unsubscribe frame) {
    return out -> {
      begin(out, "unsubscribe", frame.ref());
      out.writeStringField("topic", frame.topic());
    };
  }

  @Override
  public JsonText.Writing on(ClientFrame.Command frame) {
    return out -> {
      begin(out, "command", frame.ref());
      call(out, frame.service(), frame.name());
      if (frame.id().isPresent()) {
        out.writeStringField("id", frame.id().get());
      }
      raw(out, "args", frame.args());
    };
  }

  @Override
  public JsonText.Writing on(ClientFrame.Stream frame) {
    return out -> {
      begin(out, "stream", frame.ref());
      call(out, frame.service(), frame.name());
      raw(out, "args", frame.args());
    };
  }

  @Override
  public JsonText.Writing on(ClientFrame.Cancel frame) {
    return out -> begin(out, "cancel", frame.ref());
  }

  @Override
  public JsonText.Writing on(ClientFrame.More frame) {
    return out -> {
      begin(out, "more", frame.ref());
      out.writeNumberField("items", frame.items());
    };
  }

  @Override
  public JsonText.Writing on(ClientFrame.Upload frame) {
    return out -> {
      begin(out, "upload", frame.ref());
      call(out, frame.service(), frame.name());
      raw(out, "args", frame.args());
    };
  }

  @Override
  public JsonText.Writing on(ClientFrame.UploadItem frame) {
    return out -> {
      begin(out, "uploadItem", frame.ref());
      raw(out, "item", frame.item());
    };
  }

  @Override
  public JsonText.Writing on(ClientFrame.UploadEnd frame) {
    return out -> begin(out, "uploadEnd", frame.ref());
  }

  @Override
  public JsonText.Writing on(ClientFrame.Refresh frame) {
    return out -> {
      begin(out, "refresh", frame.ref());
      out.writeStringField("token", frame.token());
    };
  }

  @Override
  public JsonText.Writing on(ClientFrame.Ping frame) {
    return out -> begin(out, "ping", frame.ref());
  }

  static void begin(JsonGenerator out, String type, long ref) throws IOException {
    out.writeStringField("type", type);
    if (ref != ClientFrame.NO_REF) {
      out.writeNumberField("ref", ref);
    }
  }

  static void position(JsonGenerator out, StreamPosition position) throws IOException {
    out.writeStringField("epoch", position.epoch());
    out.writeNumberField("offset", position.offset());
  }

  static void raw(JsonGenerator out, String name, RawJson value) throws IOException {
    out.writeFieldName(name);
    JsonText.raw(out, value);
  }

  private static void call(JsonGenerator out, String service, String name) throws IOException {
    out.writeStringField("service", service);
    out.writeStringField("name", name);
  }
}
