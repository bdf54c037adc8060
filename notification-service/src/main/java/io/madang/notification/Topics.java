package io.madang.notification;

import io.madang.contracts.notification.Notification;
import io.madang.contracts.notification.NotificationJson;
import io.madang.contracts.notification.NotificationNames;
import io.madang.contracts.notification.NotificationReply;
import io.madang.notification.ledger.Entry;
import io.madang.notification.ledger.Head;
import io.madang.notification.ledger.Ledger;
import io.madang.notification.ledger.Page;
import io.madang.runtime.command.Caller;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Answers what gateways ask of {@code notifications:<user>}: only that user may hear it. */
final class Topics {
  private final Ledger ledger;

  /** Notifications in a snapshot. */
  private final int newest;

  Topics(Ledger ledger, int newest) {
    this.ledger = ledger;
    this.newest = newest;
  }

  Future<TopicAnswer> subscribe(TopicRead.Subscribe read) {
    return isOwn(read.topic(), read.caller())
        ? ledger.read(read.topic().id(), read.since(), read.limit(), newest + 1)
            .map(head -> answer(head, read.since()))
        : denied();
  }

  Future<TopicAnswer> catchUp(TopicRead.CatchUp read) {
    Optional<StreamPosition> since = Optional.of(read.since());
    return ledger
        .read(read.topic().id(), since, read.limit(), newest + 1)
        .map(head -> answer(head, since));
  }

  Future<TopicAnswer> authorise(TopicRead.Authorise read) {
    return isOwn(read.topic(), read.caller())
        ? ledger
            .read(read.topic().id(), Optional.empty(), 0, 0)
            .map(head -> TopicAnswer.recovered(head.position(), false, List.of()))
        : denied();
  }

  Future<TopicAnswer> history(TopicRead.History read) {
    return isOwn(read.topic(), read.caller())
        ? ledger.page(read.topic().id(), read.after(), read.before(), read.limit() + 1).map(page -> page(read, page))
        : denied();
  }

  /** One entry more than asked for was read, which tells whether there are more that way. */
  private static TopicAnswer page(TopicRead.History read, Page page) {
    List<Entry> shown =
        read.after().isPresent()
            ? AnswerSize.first(page.entries(), read.limit())
            : AnswerSize.last(page.entries(), read.limit());
    boolean more = shown.size() < page.entries().size();
    return TopicAnswer.recovered(page.position(), more, publications(shown));
  }

  private TopicAnswer answer(Head head, Optional<StreamPosition> since) {
    if (head instanceof Head.Continued continued) {
      List<Entry> shown = AnswerSize.first(continued.entries(), continued.entries().size());
      StreamPosition reached =
          shown.isEmpty() ? since.orElseThrow() : shown.get(shown.size() - 1).position();
      boolean more = reached.offset() < continued.position().offset();
      return TopicAnswer.recovered(continued.position(), more, publications(shown));
    }
    Head.Fresh fresh = (Head.Fresh) head;
    List<Notification> shown = AnswerSize.notifications(fresh.newest(), newest);
    NotificationReply snapshot =
        new NotificationReply.Listed(fresh.unread(), shown, shown.size() < fresh.newest().size());
    return TopicAnswer.snapshot(fresh.position(), Payload.wrap(NotificationJson.encode(snapshot)));
  }

  private static List<Publication> publications(List<Entry> entries) {
    return entries.stream().map(Topics::publication).toList();
  }

  /** The same whenever it is asked for: a repeat is known by its offset. */
  static Publication publication(Entry entry) {
    return Publication.log(
            new Topic(NotificationNames.TOPIC_PREFIX, entry.user()),
            entry.event().event(),
            entry.position(),
            entry.position().offset() - 1,
            entry.timeMillis(),
            Payload.wrap(NotificationJson.encode(entry.event())))
        .causedBy(entry.commandId());
  }

  private static boolean isOwn(Topic topic, Caller caller) {
    return !caller.isService()
        && topic.prefix().equals(NotificationNames.TOPIC_PREFIX)
        && topic.id().equals(caller.user());
  }

  private static Future<TopicAnswer> denied() {
    return Future.succeededFuture(
        TopicAnswer.denied("forbidden", "There is no such topic, or you may not hear it."));
  }
}
