package io.madang.runtime.mesh.ask;

import io.madang.runtime.bus.Question;
import io.madang.runtime.bus.Reply;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.membership.Membership;
import io.madang.runtime.mesh.directory.Directory;
import io.madang.runtime.service.ServiceUnavailableException;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/**
 * Asks a certain node what it published of a topic a moment ago. For a gateway that missed some of it: the node has it in memory,
 * and the topic's store is left alone. Asked once and never of another node, which would not have it.
 */
public final class RecentClient {
  private final Membership membership;
  private final Directory directory;
  private final Asker asker;

  public RecentClient(Membership membership, Directory directory, Asker asker) {
    this.membership = membership;
    this.directory = directory;
    this.asker = asker;
  }

  /**
   * On the mesh loop, where the answer comes as well.
   *
   * @param node that sent something later; unknown, gone and suspected ones are not asked
   * @param withinMs after which the question has failed
   * @return as {@link Reply.Recent} says; fails with {@link ServiceUnavailableException} when the node is not heard, and
   *     otherwise when it does not answer, or answers that it cannot
   */
  public Future<List<Publication>> ask(
      String node, Topic topic, StreamPosition after, int withinMs) {
    Optional<ServiceDescriptor> owner = directory.owner(topic);
    boolean heard = membership.member(node).map(member -> !member.suspected()).orElse(false);
    if (owner.isEmpty() || !heard) {
      return Future.failedFuture(
          new ServiceUnavailableException("nobody is heard who sent something of the topic"));
    }
    return asker
        .ask(node, owner.get().service(), new Question.Recent(topic, after), withinMs)
        .compose(reply -> reply instanceof Reply.Recent recent
            ? Future.succeededFuture(recent.publications())
            : Future.failedFuture(
                new ServiceUnavailableException(node + " does not tell what it published")));
  }
}
