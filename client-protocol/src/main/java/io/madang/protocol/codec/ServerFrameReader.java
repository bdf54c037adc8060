package io.madang.protocol.codec;

import io.madang.protocol.code.Retry;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Complete;
import io.madang.protocol.frame.ServerFrame.Connected;
import io.madang.protocol.frame.ServerFrame.Disconnect;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.frame.ServerFrame.Gap;
import io.madang.protocol.frame.ServerFrame.Item;
import io.madang.protocol.frame.ServerFrame.Limits;
import io.madang.protocol.frame.ServerFrame.More;
import io.madang.protocol.frame.ServerFrame.NotRestored;
import io.madang.protocol.frame.ServerFrame.Place;
import io.madang.protocol.frame.ServerFrame.Pong;
import io.madang.protocol.frame.ServerFrame.Publication;
import io.madang.protocol.frame.ServerFrame.Refreshed;
import io.madang.protocol.frame.ServerFrame.Reply;
import io.madang.protocol.frame.ServerFrame.Restored;
import io.madang.protocol.frame.ServerFrame.Resumed;
import io.madang.protocol.frame.ServerFrame.Resumption;
import io.madang.protocol.frame.ServerFrame.Subscribed;
import io.madang.protocol.frame.ServerFrame.TopicState;
import io.madang.protocol.frame.ServerFrame.Unsubscribed;
import io.madang.protocol.frame.ServerFrame.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The single switch from {@code type} to what a gateway may say. */
final class ServerFrameReader {
  private ServerFrameReader() {}

  static ServerFrame read(Members members) throws BadFrameException {
    String type = members.text("type");
    return switch (type) {
      case "connected" -> connected(members);
      case "subscribed" -> new Subscribed(members.ref(), state(members));
      case "resumed" -> resumed(members);
      case "unsubscribed" -> unsubscribed(members);
      case "reply" -> new Reply(members.ref(), members.raw("result"));
      case "item" -> new Item(members.ref(), members.raw("item"));
      case "more" -> new More(members.ref(), members.integer("items"));
      case "complete" -> new Complete(members.ref());
      case "refreshed" -> new Refreshed(members.ref(), members.optionalTime("expiresAt"));
      case "pong" -> new Pong(members.optionalRef(), members.time("time"));
      case "publication" -> publication(members);
      case "gap" -> gap(members);
      case "disconnect" -> disconnect(members);
      case "error" -> new ServerFrame.Error(members.optionalRef(), failure(members));
      default -> throw BadFrameException.badMember("type", "type is none that a gateway sends");
    };
  }

  private static Connected connected(Members members) throws BadFrameException {
    return new Connected(
        members.ref(),
        members.text("connection"),
        members.text("node"),
        user(members.object("user")),
        members.number("heartbeatMs"),
        members.optionalTime("expiresAt"),
        limits(members.object("limits")));
  }

  private static User user(Members members) throws BadFrameException {
    return new User(members.text("id"), members.text("name"), members.texts("roles"));
  }

  private static Limits limits(Members members) throws BadFrameException {
    return new Limits(
        members.integer("maxMessageBytes"),
        members.integer("maxTopics"),
        members.integer("maxPending"),
        members.integer("commandsPerSecond"),
        members.integer("commandBurst"));
  }

  private static TopicState state(Members members) throws BadFrameException {
    List<Publication> publications = new ArrayList<>();
    for (Members publication : members.objects("publications")) {
      publications.add(publication(publication));
    }
    return new TopicState(
        members.text("topic"),
        members.object("position").position(),
        members.flag("recovered"),
        members.optionalRaw("snapshot"),
        publications);
  }

  private static Resumed resumed(Members members) throws BadFrameException {
    List<Resumption> topics = new ArrayList<>();
    for (Members topic : members.objects("topics")) {
      topics.add(resumption(topic));
    }
    return new Resumed(members.ref(), topics);
  }

  private static Resumption resumption(Members members) throws BadFrameException {
    return members.has("error")
        ? new NotRestored(members.text("topic"), failure(members.object("error")))
        : new Restored(state(members));
  }

  private static Unsubscribed unsubscribed(Members members) throws BadFrameException {
    return new Unsubscribed(
        members.optionalRef(), members.text("topic"), members.optionalText("reason"));
  }

  private static Publication publication(Members members) throws BadFrameException {
    Optional<Place> place = members.has("offset")
        ? Optional.of(new Place(members.position(), members.number("prev")))
        : Optional.empty();
    return new Publication(
        members.text("topic"),
        place,
        members.text("event"),
        members.optionalText("key"),
        members.optionalText("command"),
        members.time("time"),
        members.raw("data"));
  }

  private static Gap gap(Members members) throws BadFrameException {
    return new Gap(
        members.text("topic"),
        members.object("from").position(),
        members.object("to").position());
  }

  private static Disconnect disconnect(Members members) throws BadFrameException {
    return new Disconnect(
        members.integer("code"),
        members.text("reason"),
        members.flag("reconnect"),
        members.number("afterMs", 0));
  }

  private static Failure failure(Members members) throws BadFrameException {
    Retry retry = Retry.fromWire(members.text("retry"))
        .orElseThrow(() -> BadFrameException.badMember("retry", "retry must be never or later"));
    return new Failure(
        members.text("code"),
        members.text("message"),
        retry,
        members.number("retryAfterMs", 0),
        members.optionalRaw("details"));
  }
}
