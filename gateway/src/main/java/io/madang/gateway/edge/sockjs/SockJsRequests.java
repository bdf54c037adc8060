package io.madang.gateway.edge.sockjs;

import io.madang.gateway.edge.relay.Fields;
import io.madang.gateway.edge.relay.RequestCodec;
import io.madang.gateway.edge.sockjs.session.Deliver;
import io.madang.gateway.edge.sockjs.session.Opening;
import io.madang.gateway.edge.sockjs.session.Receive;
import io.madang.gateway.edge.sockjs.session.Reception;
import io.madang.gateway.edge.sockjs.text.Wrapping;
import io.madang.gateway.identity.Credential;
import io.madang.runtime.topic.Payload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is asked of sessions at other gateways, as bytes. */
public final class SockJsRequests implements RequestCodec<Receive, Deliver> {
  private static final int LINE = 1;
  private static final int EVENT = 2;
  private static final int SCRIPT = 3;
  private static final int CALL = 4;

  /** Instead of how many messages there are: versions that do not know it read no messages. */
  private static final int LEAVING = -1;

  private static final Opening NOBODY = new Opening(Optional.empty(), "");

  @Override
  public Payload receiving(Receive request) {
    return Fields.write(out -> {
      write(out, request.from());
      write(out, request.reception());
    });
  }

  @Override
  public Receive receiving(Payload bytes) {
    return Fields.read(bytes, in -> new Receive(opening(in), reception(in)));
  }

  @Override
  public Payload delivery(Deliver request) {
    return request.dispatch(new Writer());
  }

  private static final class Writer implements Deliver.Handler<Payload> {
    @Override
    public Payload on(Deliver.Messages request) {
      return Fields.write(out -> {
        write(out, request.from());
        out.number(request.messages().size());
        for (String message : request.messages()) {
          out.units(message);
        }
      });
    }

    @Override
    public Payload on(Deliver.Leaving request) {
      return Fields.write(out -> {
        write(out, NOBODY);
        out.number(LEAVING);
      });
    }
  }

  @Override
  public Deliver delivery(Payload bytes) {
    return Fields.read(bytes, in -> {
      Opening from = opening(in);
      int count = in.number();
      return count == LEAVING
          ? new Deliver.Leaving()
          : new Deliver.Messages(from, messages(in, count));
    });
  }

  private static void write(Fields.Out out, Opening from) throws IOException {
    out.text(from.address());
    out.credential(from.offered());
  }

  private static Opening opening(Fields.In in) throws IOException {
    String address = in.text();
    Optional<Credential> offered = in.credential();
    return new Opening(offered, address);
  }

  private static void write(Fields.Out out, Reception reception) throws IOException {
    Wrapping wrapping = reception.wrapping();
    if (wrapping instanceof Wrapping.Call call) {
      out.code(CALL);
      out.text(call.callback());
    } else {
      out.code(
          wrapping instanceof Wrapping.Line
              ? LINE
              : wrapping instanceof Wrapping.Event ? EVENT : SCRIPT);
    }
    out.number(reception.limitBytes());
  }

  private static Reception reception(Fields.In in) throws IOException {
    int kind = in.code();
    Wrapping wrapping = switch (kind) {
      case LINE -> new Wrapping.Line();
      case EVENT -> new Wrapping.Event();
      case SCRIPT -> new Wrapping.Script();
      case CALL -> new Wrapping.Call(in.text());
      default -> throw new IllegalArgumentException("no wrapping has the code " + kind);
    };
    return new Reception(wrapping, in.number());
  }

  private static List<String> messages(Fields.In in, int count) throws IOException {
    List<String> messages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      messages.add(in.units());
    }
    return messages;
  }
}
