package io.madang.runtime.service;

import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.vertx.core.Future;

/** Asks other services; results arrive on the asker's own event loop. */
public interface ServiceAsker {

  /**
   * Gives a command to {@code service} on any of its nodes, with one retry on the next after two seconds. The same id may
   * be given again: the service knows it.
   *
   * @return fails with {@link ServiceUnavailableException} when no node answered; the outcome is then unknown
   */
  Future<CommandOutcome> command(String service, CommandCall call);
}
