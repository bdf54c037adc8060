package io.madang.chat.reading;

import io.madang.chat.log.StoredJson;
import io.madang.contracts.chat.ChatCommand;
import io.madang.contracts.chat.ChatReply;
import io.madang.contracts.chat.Message;
import io.madang.contracts.chat.Person;
import io.madang.contracts.chat.Room;
import io.madang.contracts.chat.RoomId;
import io.madang.contracts.chat.RoomRole;
import io.vertx.core.Future;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Pages of messages, rooms and members, as people ask for them. An empty answer: there is no such room, or not for them. */
public final class Pages {
  private static final String PAGE =
      "select status, messages::text as messages, has_older, has_newer"
          + " from chat.page($1, $2, $3, $4, $5, $6)";

  private static final String ROOMS = """
      select chat.room_view(r, $1)::text as view from chat.room r
       where r.room > $2
         and (r.visibility = 'public' or exists
           (select from chat.member m where m.life = r.life and m.user_id = $1))
       order by r.room limit $3""";

  private static final String MEMBERS = """
      select m.user_id, chat.name_of(m.user_id) as name, m.role, chat.millis(m.joined_at) as joined_at,
             coalesce((select guest from chat.person p where p.user_id = m.user_id), false) as guest
        from chat.room r join chat.member m on m.life = r.life
       where r.room = $1 and m.user_id > $3 and chat.may_hear(r, $2)
       order by m.user_id limit $4""";

  private static final String MAY_HEAR =
      "select chat.may_hear(r, $2) as may from chat.room r where r.room = $1";

  private static final String MAY_SPEAK =
      "select chat.silenced(r, $2) as why from chat.room r where r.room = $1";

  private final Pool pool;

  public Pages(Pool pool) {
    this.pool = pool;
  }

  public Future<Optional<ChatReply.Page>> history(ChatCommand.History command, String user) {
    return page(
        command.room(),
        user,
        command.before().isPresent() ? command.before().getAsLong() : null,
        command.after().isPresent() ? command.after().getAsLong() : null,
        command.take(),
        true);
  }

  public Future<Optional<ChatReply.Recent>> recent(
      ChatCommand.RecentMessages command, String user) {
    return page(command.room(), user, null, null, command.take(), false)
        .map(page -> page.map(found -> new ChatReply.Recent(found.room(), found.messages())));
  }

  private Future<Optional<ChatReply.Page>> page(
      RoomId room, String user, Long before, Long after, int take, boolean tombstones) {
    return pool.preparedQuery(PAGE)
        .execute(Tuple.of(room.value(), user, before, after, take, tombstones))
        .map(rows -> {
          Row row = rows.iterator().next();
          if (!row.getString("status").equals("done")) {
            return Optional.<ChatReply.Page>empty();
          }
          List<Message> messages = StoredJson.messages(StoredJson.tree(row.getString("messages")));
          return Optional.of(new ChatReply.Page(
              room, messages, row.getBoolean("has_older"), row.getBoolean("has_newer")));
        });
  }

  public Future<ChatReply.Rooms> rooms(ChatCommand.ListRooms command, String user) {
    return pool.preparedQuery(ROOMS)
        .execute(Tuple.of(user, command.after().orElse(""), command.take() + 1))
        .map(rows -> {
          List<Room> found = new ArrayList<>();
          rows.forEach(row -> found.add(StoredJson.room(StoredJson.tree(row.getString("view")))));
          boolean more = found.size() > command.take();
          return new ChatReply.Rooms(
              found.subList(0, Math.min(found.size(), command.take())), more);
        });
  }

  public Future<Optional<ChatReply.Members>> members(ChatCommand.ListMembers command, String user) {
    return mayHear(command.room(), user)
        .compose(may -> may
            ? membersOf(command, user).map(Optional::of)
            : Future.succeededFuture(Optional.empty()));
  }

  private Future<ChatReply.Members> membersOf(ChatCommand.ListMembers command, String user) {
    return pool.preparedQuery(MEMBERS)
        .execute(
            Tuple.of(command.room().value(), user, command.after().orElse(""), command.take() + 1))
        .map(rows -> {
          List<ChatReply.Member> found = new ArrayList<>();
          rows.forEach(row -> found.add(member(row)));
          boolean more = found.size() > command.take();
          return new ChatReply.Members(
              command.room(), found.subList(0, Math.min(found.size(), command.take())), more);
        });
  }

  private static ChatReply.Member member(Row row) {
    return new ChatReply.Member(
        new Person(row.getString("user_id"), row.getString("name"), row.getBoolean("guest"), false),
        RoomRole.of(row.getString("role")).orElse(RoomRole.MEMBER),
        Instant.ofEpochMilli(row.getLong("joined_at")));
  }

  private Future<Boolean> mayHear(RoomId room, String user) {
    return pool.preparedQuery(MAY_HEAR)
        .execute(Tuple.of(room.value(), user))
        .map(rows -> rows.size() > 0 && rows.iterator().next().getBoolean("may"));
  }

  /** Why somebody may not speak in a room; empty when they may. */
  public Future<Optional<String>> silenced(RoomId room, String user) {
    return pool.preparedQuery(MAY_SPEAK)
        .execute(Tuple.of(room.value(), user))
        .map(rows -> rows.size() == 0
            ? Optional.of("not-a-member")
            : Optional.ofNullable(rows.iterator().next().getString("why")));
  }
}
