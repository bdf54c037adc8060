package io.madang.gateway;

import io.madang.gateway.connection.Connections;
import io.madang.runtime.mesh.ClientEndpoint;
import io.madang.runtime.service.ClientAnswer;
import io.madang.runtime.service.ClientAnswer.Reason;
import io.madang.runtime.service.ClientQuestion;
import io.vertx.core.Context;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;

/**
 * Brings what services ask of clients to the loop that has the client. A connection's name does not say which that is, so all are
 * asked; there are as many as processors. Safe on any thread: each loop writes its own place once.
 */
final class AskedClients implements ClientEndpoint {
  private record Place(Context loop, Connections connections) {}

  private final AtomicReferenceArray<Place> loops;

  /** @param loops how many will move in before anything is asked */
  AskedClients(int loops) {
    this.loops = new AtomicReferenceArray<>(loops);
  }

  void movedIn(int number, Context loop, Connections connections) {
    loops.set(number, new Place(loop, connections));
  }

  @Override
  public void ask(ClientQuestion question, Consumer<ClientAnswer> told) {
    AtomicInteger left = new AtomicInteger(loops.length());
    for (int i = 0; i < loops.length(); i++) {
      Place place = loops.get(i);
      place.loop().runOnContext(turn -> {
        // Each name is on one loop at most.
        if (!place.connections().ask(question, told) && left.decrementAndGet() == 0) {
          told.accept(new ClientAnswer.Untold(Reason.GONE, "There is no such connection."));
        }
      });
    }
  }
}
