package io.madang.gateway.edge.signalr.negotiation;

import io.madang.gateway.edge.relay.Fields;
import io.madang.gateway.edge.relay.RequestCodec;
import io.madang.gateway.edge.signalr.session.HubTransport;
import io.madang.runtime.topic.Payload;
import java.io.IOException;

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

  @Override
  public Payload receiving(HubReceive request) {
    return Fields.write(out -> {
      out.code(switch (request.transport()) {
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
      default -> throw new IllegalArgumentException("no request brings such a thing");
    };
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
    public Payload on(HubDeliver.Ended request) {
      return Fields.write(out -> {
        out.code(ENDED);
        out.count(request.socket());
        out.number(request.how());
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
