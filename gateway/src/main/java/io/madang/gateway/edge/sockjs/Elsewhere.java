package io.madang.gateway.edge.sockjs;

import io.madang.gateway.edge.relay.AwayResponses;
import io.madang.gateway.edge.relay.Home;
import io.madang.gateway.edge.sockjs.session.Deliver;
import io.madang.gateway.edge.sockjs.session.Receive;
import io.madang.gateway.edge.sockjs.session.Reception;
import io.vertx.core.http.HttpServerRequest;

/**
 * A response that waits here for a session of another gateway. When this one stops its home ends it in order: what the response was
 * told comes before its end, and what is said later waits for the next, which the client asks for by another gateway. On the loop of
 * the request.
 */
final class Elsewhere implements AwayResponses.Away {
  private final AwayResponses all;
  private final Home<Receive, Deliver> home;
  private final String session;
  private final HttpTaker taker;

  Elsewhere(
      AwayResponses all,
      Home<Receive, Deliver> home,
      String session,
      HttpServerRequest request,
      Reception reception,
      byte[] prelude) {
    this.all = all;
    this.home = home;
    this.session = session;
    this.taker = new HttpTaker(request, reception, prelude, () -> all.ended(this));
  }

  void begin(Receive waits) {
    taker.waitsFor(home.receive(session, waits, taker));
    if (!taker.isOver()) {
      all.began(this);
    }
  }

  @Override
  public void leave() {
    taker.closeBehind();
    home.deliver(session, new Deliver.Leaving(), status -> {});
  }
}
