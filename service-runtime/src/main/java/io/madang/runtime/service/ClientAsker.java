package io.madang.runtime.service;

import io.madang.runtime.command.Caller;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/**
 * Asks one client something and brings its answer, on the asker's event loop. A client is asked once: nothing is said again, and
 * an answer that comes too late is dropped.
 *
 * <p>Futures fail with {@link NoClientAnswerException} and nothing else: at once where the client's protocol has no questions,
 * as soon as it is known that the connection ended or its gateway is gone, and else in time.
 */
public interface ClientAsker {

  /**
   * Asks the connection that gave a command, opened a stream or sends an upload. The service takes what else comes meanwhile, of
   * this connection too; but a command is to be answered in time, so one that waits for its caller says in its descriptor how
   * long it may take ({@link io.madang.runtime.descriptor.CommandDescriptor#lasting}).
   *
   * @param caller as the call says; one whom another service passed on cannot be asked
   * @param target what the client answers to, spelled as it spells it
   * @param arguments one JSON value each, by position
   * @param within how long the answer is waited for, at most {@link ClientQuestion#LONGEST}
   */
  Future<Payload> ask(Caller caller, String target, List<Payload> arguments, Duration within);

  /** Asks any connection of a gateway, as {@link Observation} tells of both. */
  Future<Payload> ask(String gateway, ClientQuestion question);
}
