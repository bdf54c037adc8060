package io.madang.gateway.edge.signalr.wire;

import io.madang.protocol.json.RawJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Hub messages as arrays in MessagePack, each behind its length. Arguments, items and results become JSON when they are read: bytes
 * as base64, points in time as ISO 8601 in UTC, extensions that are no points in time as objects {@code {"extension", "bytes"}}.
 */
final class PackFormat implements HubFormat {
  private static final int ERROR = 1;
  private static final int VOID = 2;
  private static final int RESULT = 3;

  @Override
  public boolean isBinary() {
    return true;
  }

  @Override
  public HubFrames frames(int maxMessageBytes) {
    return new HubFrames(maxMessageBytes) {
      @Override
      Frame find(byte[] in, int from, int to) throws BadHubMessageException {
        return PackFormat.find(in, from, to);
      }
    };
  }

  @Override
  public int count(byte[] messages) {
    try {
      int count = 0;
      for (int at = 0; at < messages.length; count++) {
        at = find(messages, at, messages.length).next();
      }
      return count;
    } catch (BadHubMessageException e) {
      throw new IllegalArgumentException("these are no framed messages", e);
    }
  }

  /** A length is in groups of seven bits, the lowest first; a high bit says that more follow. */
  private static HubFrames.Frame find(byte[] in, int from, int to) throws BadHubMessageException {
    long length = 0;
    for (int i = 0; from + i < to; i++) {
      byte group = in[from + i];
      length |= (long) (group & 0x7F) << (7 * i);
      if (length > Integer.MAX_VALUE || (i == 4 && group < 0)) {
        throw new BadHubMessageException("a message is longer than any may be");
      }
      if (group >= 0) {
        int start = from + i + 1;
        return to - start < length
            ? HubFrames.Frame.partial((int) length)
            : HubFrames.Frame.whole(start, start + (int) length, start + (int) length);
      }
    }
    return HubFrames.Frame.partial(0);
  }

  @Override
  public Optional<HubMessage> read(byte[] message) throws BadHubMessageException {
    PackReader in = new PackReader(message);
    int elements = in.array();
    if (elements < 1) {
      throw new BadHubMessageException("a message has a type");
    }
    long type = in.integer();
    if (type < 1 || type > 9) {
      return Optional.empty();
    }
    return Optional.of(
        switch ((int) type) {
          case 1 -> {
            require(elements, 5);
            in.skip();
            yield new HubMessage.Invocation(
                in.optionalText().filter(id -> !id.isEmpty()),
                in.text(),
                in.jsonArray(),
                streams(in, elements));
          }
          case 2 -> {
            require(elements, 4);
            in.skip();
            yield new HubMessage.StreamItem(in.text(), in.json());
          }
          case 3 -> {
            require(elements, 4);
            in.skip();
            yield completion(in, elements);
          }
          case 4 -> {
            require(elements, 5);
            in.skip();
            yield new HubMessage.StreamInvocation(
                in.text(), in.text(), in.jsonArray(), streams(in, elements));
          }
          case 5 -> {
            require(elements, 3);
            in.skip();
            yield new HubMessage.CancelInvocation(in.text());
          }
          case 6 -> new HubMessage.Ping();
          case 7 -> {
            require(elements, 2);
            yield new HubMessage.Close(in.optionalText(), elements > 2 && in.flag());
          }
          case 8 -> {
            require(elements, 2);
            yield new HubMessage.Ack(in.integer());
          }
          default -> {
            require(elements, 2);
            yield new HubMessage.Sequence(in.integer());
          }
        });
  }

  private static HubMessage completion(PackReader in, int elements) throws BadHubMessageException {
    String id = in.text();
    long kind = in.integer();
    if (kind == VOID) {
      return HubMessage.Completion.of(id);
    }
    require(elements, 5);
    if (kind == ERROR) {
      return HubMessage.Completion.failed(id, in.text());
    }
    if (kind == RESULT) {
      return HubMessage.Completion.of(id, in.json());
    }
    throw new BadHubMessageException("there is no completion of kind " + kind);
  }

  private static List<String> streams(PackReader in, int elements) throws BadHubMessageException {
    if (elements < 6) {
      return List.of();
    }
    int count = in.array();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(in.text());
    }
    return ids;
  }

  private static void require(int elements, int least) throws BadHubMessageException {
    if (elements < least) {
      throw new BadHubMessageException(
          "the message has " + elements + " elements where " + least + " are due");
    }
  }

  @Override
  public byte[] write(HubMessage message) {
    PackWriter out = new PackWriter();
    message.dispatch(new Writing(out));
    return out.framed();
  }

  private record Writing(PackWriter out) implements HubMessage.Handler<Boolean> {

    /** Begins a message that has headers; ours are none, which is an empty map and nothing else. */
    private void begin(int elements, int type) {
      out.array(elements).integer(type).map(0);
    }

    private boolean call(
        int type, Optional<String> id, String target, RawJson arguments, List<String> streams) {
      begin(6, type);
      id.ifPresentOrElse(out::text, out::nil);
      out.text(target).json(arguments).array(streams.size());
      streams.forEach(out::text);
      return true;
    }

    @Override
    public Boolean on(HubMessage.Invocation message) {
      return call(1, message.id(), message.target(), message.arguments(), message.streams());
    }

    @Override
    public Boolean on(HubMessage.StreamInvocation message) {
      return call(
          4, Optional.of(message.id()), message.target(), message.arguments(), message.streams());
    }

    @Override
    public Boolean on(HubMessage.StreamItem message) {
      begin(4, 2);
      out.text(message.id()).json(message.item());
      return true;
    }

    @Override
    public Boolean on(HubMessage.Completion message) {
      boolean isVoid = message.error().isEmpty() && message.result().isEmpty();
      begin(isVoid ? 4 : 5, 3);
      out.text(message.id()).integer(isVoid ? VOID : message.error().isPresent() ? ERROR : RESULT);
      message.error().ifPresent(out::text);
      message.result().ifPresent(out::json);
      return true;
    }

    @Override
    public Boolean on(HubMessage.CancelInvocation message) {
      begin(3, 5);
      out.text(message.id());
      return true;
    }

    @Override
    public Boolean on(HubMessage.Ping message) {
      out.array(1).integer(6);
      return true;
    }

    @Override
    public Boolean on(HubMessage.Close message) {
      out.array(3).integer(7);
      message.error().ifPresentOrElse(out::text, out::nil);
      out.flag(message.allowReconnect());
      return true;
    }

    @Override
    public Boolean on(HubMessage.Ack message) {
      out.array(2).integer(8).integer(message.sequence());
      return true;
    }

    @Override
    public Boolean on(HubMessage.Sequence message) {
      out.array(2).integer(9).integer(message.sequence());
      return true;
    }
  }
}
