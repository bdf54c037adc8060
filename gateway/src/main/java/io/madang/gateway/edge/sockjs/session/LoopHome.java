package io.madang.gateway.edge.sockjs.session;

import io.vertx.core.Context;
import java.util.List;
import java.util.function.Consumer;

/** Sessions that live on another event loop of this node: each word is one hop. */
final class LoopHome implements Home {
  private final Context here;
  private final Context there;
  private final Home home;

  /**
   * @param here the loop that asks
   * @param there the loop that {@code home} belongs to
   */
  LoopHome(Context here, Context there, Home home) {
    this.here = here;
    this.there = there;
    this.home = home;
  }

  @Override
  public Waiting receive(String session, Opening from, Reception reception, Taker taker) {
    Far far = new Far();
    there.runOnContext(turn -> far.waiting = home.receive(session, from, reception, back(taker)));
    return far;
  }

  private Taker back(Taker taker) {
    return new Taker() {
      @Override
      public void frame(byte[] frame) {
        here.runOnContext(turn -> taker.frame(frame));
      }

      @Override
      public void end() {
        here.runOnContext(turn -> taker.end());
      }
    };
  }

  @Override
  public void deliver(
      String session, Opening from, List<String> messages, Consumer<Delivery> outcome) {
    there.runOnContext(turn -> home.deliver(
        session, from, messages, what -> here.runOnContext(back -> outcome.accept(what))));
  }

  /** The response, as seen from the other loop. */
  private final class Far implements Waiting {
    /** Touched on the other loop only: set by the first task there, read by later ones. */
    private Waiting waiting;

    @Override
    public void taken(int bytes) {
      there.runOnContext(turn -> waiting.taken(bytes));
    }

    @Override
    public void gone() {
      there.runOnContext(turn -> waiting.gone());
    }
  }
}
