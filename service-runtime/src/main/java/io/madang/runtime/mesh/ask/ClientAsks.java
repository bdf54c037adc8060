package io.madang.runtime.mesh.ask;

import io.madang.runtime.bus.Question;
import io.madang.runtime.bus.Reply;
import io.madang.runtime.command.Caller;
import io.madang.runtime.membership.Membership;
import io.madang.runtime.service.ClientAnswer;
import io.madang.runtime.service.ClientAnswer.Reason;
import io.madang.runtime.service.ClientAsker;
import io.madang.runtime.service.ClientQuestion;
import io.madang.runtime.service.NoClientAnswerException;
import io.madang.runtime.topic.Payload;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/**
 * Asks clients through the gateways that have them. Keeps nothing itself; what waits for an answer is the {@link Asker}'s, on the
 * mesh loop. May be asked on any event loop, and answers there.
 */
public final class ClientAsks implements ClientAsker {
  /** The gateway sees to the time; that it does not answer at all is known this much later. */
  static final Duration GRACE = Duration.ofSeconds(1);

  private final MeshLoop loop;
  private final Membership membership;
  private final Asker asker;

  public ClientAsks(MeshLoop loop, Membership membership, Asker asker) {
    this.loop = loop;
    this.membership = membership;
    this.asker = asker;
  }

  @Override
  public Future<Payload> ask(
      Caller caller, String target, List<Payload> arguments, Duration within) {
    if (caller.connection().isEmpty() || caller.gateway().isEmpty()) {
      return Future.failedFuture(new NoClientAnswerException(
          Reason.UNSUPPORTED, "Who gave the command has no connection that can be asked."));
    }
    return ask(
        caller.gateway().get(),
        new ClientQuestion(caller.connection().get(), target, arguments, within));
  }

  @Override
  public Future<Payload> ask(String gateway, ClientQuestion question) {
    return loop.call(() -> put(gateway, question));
  }

  private Future<Payload> put(String gateway, ClientQuestion question) {
    if (isGone(gateway)) {
      return failed(Reason.GONE, "The client's gateway is gone.");
    }
    int budgetMs = (int) question.within().plus(GRACE).toMillis();
    return asker
        .ask(gateway, "", new Question.OfClient(question), budgetMs)
        .transform(reply -> answer(gateway, reply));
  }

  private Future<Payload> answer(String gateway, AsyncResult<Reply> reply) {
    if (reply.succeeded() && reply.result() instanceof Reply.OfClient client) {
      return client.answer() instanceof ClientAnswer.Told told
          ? Future.succeededFuture(told.result())
          : failed((ClientAnswer.Untold) client.answer());
    }
    if (reply.succeeded()) {
      return failed(Reason.UNSUPPORTED, "The client's gateway does not ask clients.");
    }
    return isGone(gateway)
        ? failed(Reason.GONE, "The client's gateway is gone.")
        : failed(Reason.LATE, "The client's gateway did not answer in time.");
  }

  private boolean isGone(String gateway) {
    return membership
        .member(gateway)
        .filter(member -> member.info().isGateway())
        .isEmpty();
  }

  private static Future<Payload> failed(ClientAnswer.Untold untold) {
    return failed(untold.reason(), untold.text());
  }

  private static Future<Payload> failed(Reason reason, String text) {
    return Future.failedFuture(new NoClientAnswerException(reason, text));
  }
}
