package io.madang.notification;

import io.madang.contracts.notification.Notification;
import io.madang.contracts.notification.NotificationCommand;
import io.madang.contracts.notification.NotificationCommand.MarkAllAsRead;
import io.madang.contracts.notification.NotificationCommand.MarkAsRead;
import io.madang.contracts.notification.NotificationCommand.Page;
import io.madang.contracts.notification.NotificationCommand.Preferences;
import io.madang.contracts.notification.NotificationCommand.Send;
import io.madang.contracts.notification.NotificationCommand.SendBulk;
import io.madang.contracts.notification.NotificationCommand.SetPreference;
import io.madang.contracts.notification.NotificationCommand.Unread;
import io.madang.contracts.notification.NotificationEvent;
import io.madang.contracts.notification.NotificationJson;
import io.madang.contracts.notification.NotificationReply;
import io.madang.notification.ledger.Entry;
import io.madang.notification.ledger.Ledger;
import io.madang.notification.ledger.Listing;
import io.madang.notification.ledger.Marking;
import io.madang.notification.ledger.Sending;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/** Carries out one command: refuses what the database need not be asked for, and hands on what the database made. */
final class Commands implements NotificationCommand.Handler<Future<CommandOutcome>> {
  /** Types one user can have switched on or off; naming one more is refused. */
  static final int MAX_PREFERENCES = 200;

  private static final String TYPE_PATTERN = "[a-z0-9][a-z0-9.-]*";
  private static final Refusal NOT_FOUND = Refusal.of("not-found", "You have no such notification.");
  private static final Refusal CONFLICT =
      Refusal.of("conflict", "This command id was used with other arguments; give the command a new id.");
  private static final Refusal BAD_TYPE =
      Refusal.badRequest("type has letters, digits, dots and hyphens, and starts with a letter or digit.");

  private final CommandCall call;
  private final Ledger ledger;

  /** Takes what was committed, each user's in the order of the offsets. */
  private final Consumer<List<Entry>> publish;

  Commands(CommandCall call, Ledger ledger, Consumer<List<Entry>> publish) {
    this.call = call;
    this.ledger = ledger;
    this.publish = publish;
  }

  @Override
  public Future<CommandOutcome> on(Send command) {
    Ledger.Text text = new Ledger.Text(command.title(), command.message(), typeOf(command.type()), command.data());
    return send(List.of(command.userId()), text, entries -> new NotificationReply.Sent(notificationOf(entries)));
  }

  @Override
  public Future<CommandOutcome> on(SendBulk command) {
    Ledger.Text text =
        new Ledger.Text(command.title(), command.message(), typeOf(command.type()), Optional.empty());
    int asked = new HashSet<>(command.userIds()).size();
    return send(
        command.userIds(),
        text,
        entries -> new NotificationReply.SentBulk(entries.size(), asked - entries.size()));
  }

  private Future<CommandOutcome> send(
      List<String> users, Ledger.Text text, Function<List<Entry>, NotificationReply> reply) {
    if (users.stream().anyMatch(user -> user.chars().anyMatch(Character::isISOControl))) {
      return refused(Refusal.badRequest("the id of a user has no control characters."));
    }
    if (!text.type().matches(TYPE_PATTERN)) {
      return refused(BAD_TYPE);
    }
    return ledger.send(origin(), users, text).map(sending -> sent(sending, reply));
  }

  private CommandOutcome sent(Sending sending, Function<List<Entry>, NotificationReply> reply) {
    if (sending instanceof Sending.Sent sent) {
      publish.accept(sent.entries());
      return done(reply.apply(sent.entries()));
    }
    return CommandOutcome.refused(CONFLICT);
  }

  private static Optional<Notification> notificationOf(List<Entry> entries) {
    return entries.stream()
        .map(entry -> ((NotificationEvent.Notified) entry.event()).notification())
        .findFirst();
  }

  @Override
  public Future<CommandOutcome> on(Unread command) {
    return list(OptionalLong.empty(), command.take(), true);
  }

  @Override
  public Future<CommandOutcome> on(Page command) {
    return list(command.before(), command.take(), false);
  }

  private Future<CommandOutcome> list(OptionalLong before, int take, boolean onlyUnread) {
    // One more than asked for tells whether there are more.
    return ledger
        .list(call.caller().user(), before, take + 1, onlyUnread)
        .map(listing -> listed(listing, take));
  }

  private static CommandOutcome listed(Listing listing, int take) {
    List<Notification> shown = AnswerSize.notifications(listing.notifications(), take);
    boolean more = shown.size() < listing.notifications().size();
    return done(new NotificationReply.Listed(listing.unread(), shown, more));
  }

  @Override
  public Future<CommandOutcome> on(MarkAsRead command) {
    Optional<UUID> id = uuid(command.notificationId());
    if (id.isEmpty()) {
      return refused(NOT_FOUND);
    }
    return ledger
        .markRead(call.caller().user(), id.get(), call.id())
        .map(
            marking ->
                marked(marking, done -> new NotificationReply.Marked(id.get().toString(), done.unread())));
  }

  @Override
  public Future<CommandOutcome> on(MarkAllAsRead command) {
    if (command.upTo().isPresent() && command.upToId().isPresent()) {
      return refused(Refusal.badRequest("upTo and upToId exclude each other."));
    }
    Optional<UUID> upToId = command.upToId().flatMap(Commands::uuid);
    if (command.upToId().isPresent() && upToId.isEmpty()) {
      return refused(NOT_FOUND);
    }
    return ledger
        .markAllRead(origin(), command.upTo(), upToId)
        .map(marking -> marked(marking, done -> new NotificationReply.MarkedUpTo(done.upTo(), done.unread())));
  }

  private CommandOutcome marked(Marking marking, Function<Marking.Marked, NotificationReply> reply) {
    if (marking instanceof Marking.Marked marked) {
      marked.entry().ifPresent(entry -> publish.accept(List.of(entry)));
      return done(reply.apply(marked));
    }
    return CommandOutcome.refused(marking instanceof Marking.Unknown ? NOT_FOUND : CONFLICT);
  }

  @Override
  public Future<CommandOutcome> on(Preferences command) {
    return ledger
        .preferences(call.caller().user())
        .map(preferences -> done(new NotificationReply.PreferenceList(preferences)));
  }

  @Override
  public Future<CommandOutcome> on(SetPreference command) {
    String type = typeOf(command.type());
    if (!type.matches(TYPE_PATTERN)) {
      return refused(BAD_TYPE);
    }
    return ledger
        .setPreference(call.caller().user(), type, command.enabled(), MAX_PREFERENCES)
        .map(
            taken ->
                taken
                    ? done(new NotificationReply.PreferenceSet(type, command.enabled()))
                    : CommandOutcome.refused(
                        "too-many-preferences", "You have set " + MAX_PREFERENCES + " types, which is the limit."));
  }

  private Ledger.Origin origin() {
    return new Ledger.Origin(call.caller().user(), call.id(), Fingerprint.of(call));
  }

  /** Types are told apart without case. */
  private static String typeOf(String given) {
    return given.toLowerCase(Locale.ROOT);
  }

  /** Empty for what is no id of ours, so it names nothing. */
  private static Optional<UUID> uuid(String text) {
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static CommandOutcome done(NotificationReply reply) {
    return CommandOutcome.done(Payload.wrap(NotificationJson.encode(reply)));
  }

  private static Future<CommandOutcome> refused(Refusal refusal) {
    return Future.succeededFuture(CommandOutcome.refused(refusal));
  }
}
