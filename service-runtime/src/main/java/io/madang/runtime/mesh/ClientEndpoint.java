package io.madang.runtime.mesh;

import io.madang.runtime.service.ClientAnswer;
import io.madang.runtime.service.ClientQuestion;
import java.util.function.Consumer;

/** Puts what services ask to the clients of this node. */
@FunctionalInterface
public interface ClientEndpoint {

  /**
   * Asks a client, on the mesh loop.
   *
   * @param told is told what became of it, once and on any thread, within the time that the question has
   */
  void ask(ClientQuestion question, Consumer<ClientAnswer> told);

  /** Of a node that has no clients. */
  static ClientEndpoint none() {
    return (question, told) -> told.accept(
        new ClientAnswer.Untold(ClientAnswer.Reason.GONE, "There is no such connection."));
  }
}
