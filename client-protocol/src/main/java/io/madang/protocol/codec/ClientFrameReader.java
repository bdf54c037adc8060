package io.madang.protocol.codec;

import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ClientFrame.Cancel;
import io.madang.protocol.frame.ClientFrame.Command;
import io.madang.protocol.frame.ClientFrame.Connect;
import io.madang.protocol.frame.ClientFrame.More;
import io.madang.protocol.frame.ClientFrame.Ping;
import io.madang.protocol.frame.ClientFrame.Refresh;
import io.madang.protocol.frame.ClientFrame.Resume;
import io.madang.protocol.frame.ClientFrame.Stream;
import io.madang.protocol.frame.ClientFrame.Subscribe;
import io.madang.protocol.frame.ClientFrame.Unsubscribe;
import io.madang.protocol.frame.ClientFrame.Upload;
import io.madang.protocol.frame.ClientFrame.UploadEnd;
import io.madang.protocol.frame.ClientFrame.UploadItem;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.frame.TopicPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The single switch from {@code type} to what a client may say. */
final class ClientFrameReader {
  private ClientFrameReader() {}

  static ClientFrame read(Members members) throws BadFrameException {
    String type = members.text("type");
    return switch (type) {
      case "connect" -> connect(members);
      case "subscribe" -> subscribe(members);
      case "resume" -> resume(members);
      case "unsubscribe" -> unsubscribe(members);
      case "command" -> command(members);
      case "stream" -> stream(members);
      case "cancel" -> new Cancel(members.ref());
      case "more" -> new More(members.ref(), members.integer("items"));
      case "upload" -> upload(members);
      case "uploadItem" -> new UploadItem(members.ref(), members.raw("item"));
      case "uploadEnd" -> new UploadEnd(members.ref());
      case "refresh" -> new Refresh(members.ref(), members.text("token"));
      case "ping" -> new Ping(members.optionalRef());
      default -> throw BadFrameException.badMember("type", "type is none that a client may send");
    };
  }

  private static Connect connect(Members members) throws BadFrameException {
    return new Connect(members.ref(), members.optionalText("token"));
  }

  private static Subscribe subscribe(Members members) throws BadFrameException {
    Optional<StreamPosition> since =
        members.has("since") ? Optional.of(members.object("since").position()) : Optional.empty();
    return new Subscribe(members.ref(), members.text("topic"), since);
  }

  private static Resume resume(Members members) throws BadFrameException {
    List<TopicPosition> topics = new ArrayList<>();
    for (Members topic : members.objects("topics")) {
      topics.add(new TopicPosition(topic.text("topic"), topic.position()));
    }
    return new Resume(members.ref(), topics);
  }

  private static Unsubscribe unsubscribe(Members members) throws BadFrameException {
    return new Unsubscribe(members.ref(), members.text("topic"));
  }

  private static Command command(Members members) throws BadFrameException {
    return new Command(
        members.ref(),
        members.text("service"),
        members.text("name"),
        members.optionalText("id"),
        members.args());
  }

  private static Stream stream(Members members) throws BadFrameException {
    return new Stream(members.ref(), members.text("service"), members.text("name"), members.args());
  }

  private static Upload upload(Members members) throws BadFrameException {
    return new Upload(members.ref(), members.text("service"), members.text("name"), members.args());
  }
}
