package io.madang.gateway.edge.signalr.negotiation;

import io.madang.gateway.edge.relay.Fields;
import io.madang.gateway.edge.relay.RequestCodec;
import io.madang.gateway.edge.signalr.replay.Kept;
import io.madang.gateway.edge.signalr.replay.Piece;
import io.madang.gateway.edge.signalr.session.HubMemory;
import io.madang.gateway.edge.signalr.session.HubTransport;
import io.madang.gateway.identity.Credential;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.StreamPosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is asked of hub connections at other gateways, as bytes. */
public final class HubRequestCodec implements RequestCodec<HubReceive, HubDeliver> {
  private static final int POLL = 1;
  private static final int STREAM = 2;
  private static final int SOCKET = 3;

  private static final int POST = 1;
  private static final int DELETE = 2;
  private static final int CLAIM = 3;
  private static final int ENDED = 4;
  private static final int CARRIED = 5;
  private static final int ADOPT = 6;
  private static final int LEAVING = 9;

  @Override
  public Payload receiving(HubReceive request) {
    return Fields.write(out -> {
      out.code(
          switch (request.transport()) {
            case LONG_POLLING -> POLL;
            case SERVER_SENT_EVENTS -> STREAM;
            case WEBSOCKETS -> SOCKET;
          });
      out.credential(request.offered());
      out.count(request.socket());
    });
  }

  @Override
  public HubReceive receiving(Payload bytes) {
    return Fields.read(bytes, in -> {
      HubTransport transport = switch (in.code()) {
        case POLL -> HubTransport.LONG_POLLING;
        case STREAM -> HubTransport.SERVER_SENT_EVENTS;
        case SOCKET -> HubTransport.WEBSOCKETS;
        default -> throw new IllegalArgumentException("no response waits like this");
      };
      return new HubReceive(in.credential(), transport, in.count());
    });
  }

  @Override
  public Payload delivery(HubDeliver request) {
    return request.dispatch(new Writer());
  }

  @Override
  public HubDeliver delivery(Payload bytes) {
    return Fields.read(bytes, HubRequestCodec::read);
  }

  private static HubDeliver read(Fields.In in) throws IOException {
    return switch (in.code()) {
      case POST -> new HubDeliver.Post(in.credential(), Payload.wrap(in.bytes()));
      case DELETE -> new HubDeliver.Delete(in.credential());
      case CLAIM -> new HubDeliver.Claim(in.credential(), in.text(), in.count());
      case ENDED -> new HubDeliver.Ended(in.count(), in.number());
      case CARRIED -> new HubDeliver.Carried(in.count(), Payload.wrap(in.bytes()));
      case ADOPT -> new HubDeliver.Adopt(state(in));
      case LEAVING -> new HubDeliver.Leaving();
      default -> throw new IllegalArgumentException("no request brings such a thing");
    };
  }

  private static void state(Fields.Out out, HubState state) throws IOException {
    out.text(state.hub());
    out.text(state.owner().orElse(""));
    out.text(state.address());
    Kept kept = state.kept();
    out.code(kept.isBinary() ? 1 : 0);
    out.count(kept.last());
    out.count(kept.heard());
    out.number(kept.pieces().size());
    for (Piece piece : kept.pieces()) {
      out.number(piece.count());
      out.bytes(piece.messages());
    }
    HubMemory memory = state.memory();
    out.credential(memory.credential());
    out.number(memory.topics().size());
    for (Map.Entry<String, StreamPosition> topic : memory.topics().entrySet()) {
      out.text(topic.getKey());
      out.text(topic.getValue().epoch());
      out.count(topic.getValue().offset());
    }
  }

  private static HubState state(Fields.In in) throws IOException {
    String hub = in.text();
    Optional<String> owner = Optional.of(in.text()).filter(user -> !user.isEmpty());
    String address = in.text();
    boolean isBinary = in.code() == 1;
    long last = in.count();
    long heard = in.count();
    List<Piece> pieces = new ArrayList<>();
    for (int left = in.number(); left > 0; left--) {
      int count = in.number();
      pieces.add(new Piece(in.bytes(), count));
    }
    Optional<Credential> credential = in.credential();
    Map<String, StreamPosition> topics = new HashMap<>();
    for (int left = in.number(); left > 0; left--) {
      topics.put(in.text(), new StreamPosition(in.text(), in.count()));
    }
    return new HubState(
        hub,
        owner,
        address,
        new Kept(isBinary, last, pieces, heard),
        new HubMemory(isBinary, credential, topics));
  }

  private static final class Writer implements HubDeliver.Handler<Payload> {
    @Override
    public Payload on(HubDeliver.Post request) {
      return Fields.write(out -> {
        out.code(POST);
        out.credential(request.offered());
        out.bytes(request.bytes().utf8());
      });
    }

    @Override
    public Payload on(HubDeliver.Delete request) {
      return Fields.write(out -> {
        out.code(DELETE);
        out.credential(request.offered());
      });
    }

    @Override
    public Payload on(HubDeliver.Claim request) {
      return Fields.write(out -> {
        out.code(CLAIM);
        out.credential(request.offered());
        out.text(request.node());
        out.count(request.socket());
      });
    }

    @Override
    public Payload on(HubDeliver.Leaving request) {
      return Fields.write(out -> out.code(LEAVING));
    }

    @Override
    public Payload on(HubDeliver.Ended request) {
      return Fields.write(out -> {
        out.code(ENDED);
        out.count(request.socket());
        out.number(request.how());
      });
    }

    @Override
    public Payload on(HubDeliver.Adopt request) {
      return Fields.write(out -> {
        out.code(ADOPT);
        state(out, request.state());
      });
    }

    @Override
    public Payload on(HubDeliver.Carried request) {
      return Fields.write(out -> {
        out.code(CARRIED);
        out.count(request.socket());
        out.bytes(request.bytes().utf8());
      });
    }
  }
}
