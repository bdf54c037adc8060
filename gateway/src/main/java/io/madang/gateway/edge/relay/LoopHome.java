package io.madang.gateway.edge.relay;

import io.vertx.core.Context;
import java.util.function.IntConsumer;

/** Conversations that live on another event loop of this node: each word is one hop. */
final class LoopHome<Q, M> implements Home<Q, M> {
  private final Context here;
  private final Context there;
  private final Home<Q, M> home;

  /**
   * @param here the loop that asks
   * @param there the loop that {@code home} belongs to
   */
  LoopHome(Context here, Context there, Home<Q, M> home) {
    this.here = here;
    this.there = there;
    this.home = home;
  }

  @Override
  public Waiting receive(String name, Q request, Taker taker) {
    Far far = new Far();
    there.runOnContext(turn -> far.waiting = home.receive(name, request, back(taker)));
    return far;
  }

  private Taker back(Taker taker) {
    return new Taker() {
      @Override
      public void frame(byte[] frame) {
        here.runOnContext(turn -> taker.frame(frame));
      }

      @Override
      public void end(int status) {
        here.runOnContext(turn -> taker.end(status));
      }

      @Override
      public void lost() {
        here.runOnContext(turn -> taker.lost());
      }
    };
  }

  @Override
  public void deliver(String name, M request, IntConsumer outcome) {
    there.runOnContext(turn ->
        home.deliver(name, request, status -> here.runOnContext(back -> outcome.accept(status))));
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
