package io.madang.chat;

import com.fasterxml.jackson.databind.JsonNode;
import io.madang.chat.asker.Actor;
import io.madang.chat.asker.Issued;
import io.madang.chat.everyone.Allowance;
import io.madang.chat.everyone.Gathering;
import io.madang.chat.everyone.SecureText;
import io.madang.chat.log.LogEntry;
import io.madang.chat.log.MessageId;
import io.madang.chat.log.StoredJson;
import io.madang.chat.password.RoomPasswords;
import io.madang.chat.password.WrongTries;
import io.madang.chat.people.Mentions;
import io.madang.chat.people.People;
import io.madang.chat.reading.Pages;
import io.madang.chat.reading.Returns;
import io.madang.chat.refusal.Refusals;
import io.madang.chat.sequencer.Lanes;
import io.madang.chat.sequencer.Outcome;
import io.madang.chat.sequencer.Send;
import io.madang.chat.sequencer.SendOutcome;
import io.madang.chat.sequencer.StoreCall;
import io.madang.chat.typing.Typists;
import io.madang.chat.unread.UnreadCounts;
import io.madang.contracts.chat.ChatCommand;
import io.madang.contracts.chat.ChatEvent;
import io.madang.contracts.chat.ChatJson;
import io.madang.contracts.chat.ChatNames;
import io.madang.contracts.chat.ChatReply;
import io.madang.contracts.chat.Person;
import io.madang.contracts.chat.Position;
import io.madang.contracts.chat.RoomId;
import io.madang.contracts.chat.RoomPassword;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Effects;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.service.Publisher;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Does what commands say: changes go through the {@link Lanes} and are published once they are kept, pages are read from the
 * pool.
 *
 * <p>Touched on the service's event loop only.
 */
final class ChatCommands {
  private static final String KICK = "kick";
  private static final String BAN = "ban";
  private static final String UNBAN = "unban";
  private static final String MUTE = "mute";
  private static final String UNMUTE = "unmute";
  private static final String ROLE = "role";
  private static final String INVITE = "invite";
  private static final int MINUTE_MS = 60_000;

  private final Lanes lanes;
  private final Pool pool;
  private final Pages pages;
  private final People people;
  private final RoomPasswords passwords;
  private final WrongTries wrongTries = new WrongTries();
  private final Typists typists;
  private final Gathering gathering;
  private final Returns returns;
  private final Allowance safeSends =
      new Allowance(ChatNames.SAFE_SENDS, ChatNames.SAFE_SEND_WINDOW_MS);
  private final Allowance secureMessages =
      new Allowance(ChatNames.SECURE_MESSAGES_PER_MINUTE, MINUTE_MS);
  private final UnreadCounts unread;
  private final Publisher publisher;
  private final Runnable onOutbox;
  private final Counter sent;

  /**
   * Takes its collaborators.
   *
   * @param onOutbox called when there may be something new in the outbox
   */
  ChatCommands(
      Lanes lanes,
      Pool pool,
      People people,
      RoomPasswords passwords,
      Typists typists,
      Gathering gathering,
      UnreadCounts unread,
      Publisher publisher,
      Runnable onOutbox,
      MeterRegistry metrics) {
    this.lanes = lanes;
    this.pool = pool;
    this.pages = new Pages(pool);
    this.people = people;
    this.passwords = passwords;
    this.typists = typists;
    this.gathering = gathering;
    this.returns = new Returns(pool);
    this.unread = unread;
    this.publisher = publisher;
    this.onOutbox = onOutbox;
    this.sent = Counter.builder("chat.messages.sent")
        .description("Messages kept in rooms and inboxes")
        .register(metrics);
  }

  Future<CommandOutcome> answer(Caller caller, Issued issued, ChatCommand command) {
    return command.dispatch(new Answer(caller, issued));
  }

  /** One command of one caller. */
  private final class Answer implements ChatCommand.Handler<Future<CommandOutcome>> {
    private final Caller caller;
    private final Issued issued;
    private final Actor actor;

    Answer(Caller caller, Issued issued) {
      this.caller = caller;
      this.issued = issued;
      this.actor = Actor.of(caller);
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.CreateRoom command) {
      Future<Optional<String>> verifier = command.password().isPresent()
          ? passwords.verifier(command.password().get()).map(Optional::of)
          : Future.succeededFuture(Optional.empty());
      return verifier
          .compose(made -> inRoom(
              command.room(),
              "create_room",
              command.room().value(),
              command.title().orElse(command.room().value()),
              command.visibility().word(),
              made.orElse(null)))
          .map(outcome -> entered(command.room(), outcome));
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.JoinRoom command) {
      return joined("join_room", command.room(), command.password());
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.EnterRoom command) {
      return joined("enter_room", command.room(), command.password());
    }

    private Future<CommandOutcome> joined(
        String function, RoomId room, Optional<RoomPassword> password) {
      OptionalLong wait = wrongTries.waitMs(caller.user(), nowMs());
      return password.isPresent() && wait.isPresent()
          ? refused(CommandOutcome.refused(Refusals.tooManyTries(wait.getAsLong())))
          : join(function, room, password, null).map(outcome -> entered(room, outcome));
    }

    /** Asks the store, which may ask for a verified password; then checks it and asks again. */
    private Future<Outcome> join(
        String function, RoomId room, Optional<RoomPassword> password, String verified) {
      return inRoom(room, function, room.value(), verified).compose(outcome -> {
        if (!outcome.status().equals("password-needed") || password.isEmpty()) {
          return Future.succeededFuture(outcome);
        }
        String verifier = outcome.facts().path("verifier").asText();
        return passwords.matches(password.get(), verifier).compose(matches -> {
          // Asked for the one just matched: the room changes faster than we look.
          if (matches && !verifier.equals(verified)) {
            return join(function, room, password, verifier);
          }
          wrongTries.wrong(caller.user(), nowMs());
          return Future.succeededFuture(outcome);
        });
      });
    }

    private CommandOutcome entered(RoomId room, Outcome outcome) {
      if (outcome.status().equals("password-needed")) {
        return CommandOutcome.refused(Refusals.wrongPassword());
      }
      return published(outcome, facts -> {
        Position position = StoredJson.position(facts);
        ChatReply reply = new ChatReply.Entered(
            StoredJson.room(facts.path("room")), position, facts.path("created").asBoolean());
        Effects effects = new Effects(
            Map.of(topic(room), new StreamPosition(position.epoch(), position.offset())),
            List.of());
        return CommandOutcome.done(payload(reply), effects);
      });
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.LeaveRoom command) {
      return inRoom(command.room(), "leave_room", command.room().value())
          .map(outcome -> published(
              outcome,
              facts -> CommandOutcome.done(
                  payload(new ChatReply.Left(command.room(), StoredJson.position(facts))),
                  new Effects(Map.of(), List.of(topic(command.room()))))));
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.SendToRoom command) {
      return send(command.room(), actor, command.text());
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.SendMessage command) {
      String shown = command.user().orElse(caller.name());
      if (shown.equals(caller.name())) {
        return send(RoomId.LOBBY, actor, command.text());
      }
      return caller.guest()
          ? send(RoomId.LOBBY, actor.calling(shown), command.text())
          : refused(CommandOutcome.refused(Refusals.foreignName()));
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.SendToGroup command) {
      return send(command.room(), actor.withOtherWord(), command.text());
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.SafeSend command) {
      return safeSends.takes(caller.user(), nowMs())
          ? send(RoomId.LOBBY, actor, command.text())
          : Future.succeededFuture(CommandOutcome.done(payload(new ChatReply.Dropped())));
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.QueueMessage command) {
      return send(RoomId.LOBBY, actor, command.text(), gathering::add);
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.Broadcast command) {
      return toOthers(new ChatEvent.Broadcast(person(), command.text()));
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.SendSecureMessage command) {
      if (!secureMessages.takes(caller.user(), nowMs())) {
        return refused(CommandOutcome.refused(
            Refusals.tooManySecureMessages(secureMessages.waitMs(caller.user(), nowMs()))));
      }
      Optional<Refusal> unfit = SecureText.unfit(command.message());
      return unfit.isPresent()
          ? refused(CommandOutcome.refused(unfit.get()))
          : toOthers(new ChatEvent.Secure(person(), SecureText.encoded(command.message())));
    }

    /** Tells everyone who hears the lobby but the asking connection, if the caller may speak there. */
    private Future<CommandOutcome> toOthers(ChatEvent event) {
      return pages.silenced(RoomId.LOBBY, caller.user()).map(why -> {
        if (why.isPresent()) {
          return CommandOutcome.refused(Refusals.of(why.get(), StoredJson.tree("{}")));
        }
        Publication publication = passing(topic(RoomId.LOBBY), event);
        publisher.publish(caller.connection().map(publication::except).orElse(publication));
        return CommandOutcome.done(payload(new ChatReply.Taken()));
      });
    }

    private Person person() {
      return new Person(caller.user(), caller.name(), caller.guest(), false);
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.AdminBroadcast command) {
      return inRoom(RoomId.LOBBY, "announce", RoomId.LOBBY.value(), command.text())
          .map(outcome ->
              published(outcome, facts -> CommandOutcome.done(payload(new ChatReply.Taken()))));
    }

    private Future<CommandOutcome> send(RoomId room, Actor by, String text) {
      return send(room, by, text, kept -> {});
    }

    /** @param then what else there is to do with what was kept */
    private Future<CommandOutcome> send(
        RoomId room, Actor by, String text, Consumer<LogEntry> then) {
      return lanes
          .send(new Send(room, by, text, Mentions.in(text), issued))
          .map(outcome -> sent(room, outcome, then));
    }

    private CommandOutcome sent(RoomId room, SendOutcome outcome, Consumer<LogEntry> then) {
      if (outcome instanceof SendOutcome.Refused refused) {
        return CommandOutcome.refused(Refusals.of(refused.status(), refused.facts()));
      }
      SendOutcome.Kept kept = (SendOutcome.Kept) outcome;
      then.accept(kept.entry());
      LogEntry entry = kept.entry();
      publisher.publish(entry.toPublication(kept.store()));
      unread.changed(room);
      sent.increment();
      if (!entry.mentions().isEmpty()) {
        onOutbox.run();
      }
      return CommandOutcome.done(
          payload(new ChatReply.Sent(entry.messageId(), room, entry.pos(), entry.time())));
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.SendDirect command) {
      return sendDirect(actor, command.toUser(), command.text());
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.SendPrivate command) {
      return sendDirect(actor.withOtherWord(), command.toUser(), command.text());
    }

    private Future<CommandOutcome> sendDirect(Actor by, String toUser, String text) {
      return toPerson(
          toUser,
          person -> lanes
              .call(
                  new Topic(ChatNames.INBOX, caller.user()),
                  StoreCall.recorded("send_direct", by, issued, person.id(), text))
              .map(outcome -> published(outcome, facts -> {
                sent.increment();
                onOutbox.run();
                return CommandOutcome.done(payload(new ChatReply.SentDirect(
                    facts.path("id").asText(),
                    StoredJson.recipient(facts),
                    facts.path("offset").asLong(),
                    Instant.ofEpochMilli(facts.path("at").asLong()))));
              })));
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.ReconnectWithState command) {
      return returns
          .of(command, person())
          .map(restored -> CommandOutcome.done(payload(restored), Returns.effects(restored)));
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.RecentMessages command) {
      return pages.recent(command, caller.user()).map(this::readable);
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.History command) {
      return pages.history(command, caller.user()).map(this::readable);
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.ListMembers command) {
      return pages.members(command, caller.user()).map(this::readable);
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.ListRooms command) {
      return pages.rooms(command, caller.user()).map(reply -> CommandOutcome.done(payload(reply)));
    }

    private CommandOutcome readable(Optional<? extends ChatReply> reply) {
      return reply
          .map(found -> CommandOutcome.done(payload(found)))
          .orElseGet(() -> CommandOutcome.refused(
              "forbidden", "There is no such room, or you may not read it."));
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.SetTyping command) {
      // The store may answer later questions sooner.
      long turn = typists.takeTurn();
      return pages.silenced(command.room(), caller.user()).map(why -> {
        if (why.isPresent()) {
          return CommandOutcome.refused(Refusals.of(why.get(), StoredJson.tree("{}")));
        }
        typists.say(caller, command.room(), command.isTyping(), turn);
        return CommandOutcome.done(payload(new ChatReply.Taken()));
      });
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.MarkRead command) {
      Topic inbox = new Topic(ChatNames.INBOX, caller.user());
      boolean told = publisher.isWanted(inbox);
      return StoreCall.plain(
              "mark_read", caller.user(), command.room().value(), command.offset(), told)
          .on(pool)
          .map(outcome -> published(outcome, facts -> {
            if (!told && publisher.isWanted(inbox)) {
              // Somebody began to listen, and perhaps read the inbox, while the store was asked.
              unread.changed(command.room());
            }
            return CommandOutcome.done(payload(new ChatReply.Marked(
                command.room(),
                facts.path("offset").asLong(),
                facts.path("unread").asLong())));
          }));
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.EditMessage command) {
      return ofMessage(
          command.messageId(),
          id -> inRoom(
                  command.room(),
                  "edit_message",
                  command.room().value(),
                  id.epoch(),
                  id.offset(),
                  command.text(),
                  Mentions.in(command.text()).orElse(null))
              .map(outcome -> {
                onOutbox.run();
                return changed(command.room(), outcome, () -> unread.changed(command.room()));
              }));
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.DeleteMessage command) {
      return ofMessage(
          command.messageId(),
          id -> inRoom(
                  command.room(), "delete_message", command.room().value(), id.epoch(), id.offset())
              .map(outcome ->
                  changed(command.room(), outcome, () -> unread.changed(command.room()))));
    }

    private Future<CommandOutcome> ofMessage(
        String messageId, Function<MessageId, Future<CommandOutcome>> then) {
      return MessageId.parse(messageId)
          .map(then)
          .orElseGet(() -> refused(
              CommandOutcome.refused(Refusals.of("unknown-message", StoredJson.tree("{}")))));
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.React command) {
      return inRoom(
              command.room(),
              "react",
              command.room().value(),
              command.offset(),
              command.emoji(),
              command.on(),
              ChatNames.MAX_REACTIONS)
          .map(outcome -> changed(command.room(), outcome));
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.KickUser command) {
      return moderate(
          command.room(),
          KICK,
          command.user(),
          command.reason(),
          Optional.empty(),
          kicked -> publisher.publish(passing(
              new Topic(ChatNames.INBOX, kicked.id()),
              new ChatEvent.ToldToLeave(command.room(), person(), command.reason()))));
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.BanUser command) {
      return moderate(command.room(), BAN, command.user(), command.reason(), command.duration());
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.UnbanUser command) {
      return moderate(command.room(), UNBAN, command.user(), Optional.empty(), Optional.empty());
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.MuteUser command) {
      boolean lifts = command.duration().map(Duration::isZero).orElse(false);
      return lifts
          ? moderate(command.room(), UNMUTE, command.user(), Optional.empty(), Optional.empty())
          : moderate(command.room(), MUTE, command.user(), Optional.empty(), command.duration());
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.SetRole command) {
      return moderate(
          command.room(),
          ROLE,
          command.user(),
          Optional.of(command.role().word()),
          Optional.empty());
    }

    @Override
    public Future<CommandOutcome> on(ChatCommand.InviteUser command) {
      return moderate(command.room(), INVITE, command.user(), Optional.empty(), Optional.empty());
    }

    private Future<CommandOutcome> moderate(
        RoomId room,
        String action,
        String user,
        Optional<String> value,
        Optional<Duration> duration) {
      return moderate(room, action, user, value, duration, person -> {});
    }

    /** @param then what else there is to do for that person after it was done */
    private Future<CommandOutcome> moderate(
        RoomId room,
        String action,
        String user,
        Optional<String> value,
        Optional<Duration> duration,
        Consumer<Person> then) {
      return toPerson(
          user,
          person -> inRoom(
                  room,
                  "moderate",
                  room.value(),
                  action,
                  person.id(),
                  value.orElse(null),
                  duration.map(Duration::toMillis).orElse(null))
              .map(outcome -> changed(room, outcome, () -> then.accept(person))));
    }

    private Future<CommandOutcome> toPerson(
        String idOrName, Function<Person, Future<CommandOutcome>> then) {
      return people
          .find(idOrName)
          .compose(person -> person
              .map(then)
              .orElseGet(() -> refused(CommandOutcome.refused(Refusals.unknownUser()))));
    }

    private Future<Outcome> inRoom(RoomId room, String function, Object... arguments) {
      return lanes.call(topic(room), StoreCall.recorded(function, actor, issued, arguments));
    }
  }

  /** What nobody keeps. */
  private static Publication passing(Topic topic, ChatEvent event) {
    return Publication.ephemeral(
        topic, event.event(), System.currentTimeMillis(), Payload.wrap(ChatJson.encode(event)));
  }

  private CommandOutcome changed(RoomId room, Outcome outcome) {
    return changed(room, outcome, () -> {});
  }

  /** @param then what else there is to do after it was done */
  private CommandOutcome changed(RoomId room, Outcome outcome, Runnable then) {
    return published(outcome, facts -> {
      then.run();
      JsonNode offset = facts.path("offset");
      return CommandOutcome.done(payload(new ChatReply.Changed(
          room, offset.isNumber() ? Optional.of(offset.asLong()) : Optional.empty())));
    });
  }

  /** Publishes what was kept, then answers; or says why not. */
  private CommandOutcome published(Outcome outcome, Function<JsonNode, CommandOutcome> reply) {
    if (!outcome.isDone()) {
      return CommandOutcome.refused(Refusals.of(outcome.status(), outcome.facts()));
    }
    publisher.publish(outcome.publications());
    return reply.apply(outcome.facts());
  }

  private static long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  private static Topic topic(RoomId room) {
    return new Topic(ChatNames.ROOM, room.value());
  }

  private static Payload payload(ChatReply reply) {
    return Payload.wrap(ChatJson.encode(reply));
  }

  private static Future<CommandOutcome> refused(CommandOutcome outcome) {
    return Future.succeededFuture(outcome);
  }
}
