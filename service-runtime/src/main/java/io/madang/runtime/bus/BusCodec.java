package io.madang.runtime.bus;

import io.madang.runtime.bus.BusMessage.Answer;
import io.madang.runtime.bus.BusMessage.Ask;
import io.madang.runtime.bus.BusMessage.Batch;
import io.madang.runtime.bus.BusMessage.BatchTaken;
import io.madang.runtime.bus.BusMessage.Beat;
import io.madang.runtime.bus.BusMessage.Interest;
import io.madang.runtime.bus.BusMessage.InterestDigest;
import io.madang.runtime.bus.BusMessage.InterestTaken;
import io.madang.runtime.bus.BusMessage.InterestWanted;
import io.madang.runtime.bus.BusMessage.Note;
import io.madang.runtime.bus.BusMessage.Relayed;
import io.madang.runtime.bus.BusMessage.StreamControl;
import io.madang.runtime.bus.BusMessage.StreamEnd;
import io.madang.runtime.bus.BusMessage.StreamItem;
import io.madang.runtime.bus.BusMessage.StreamOpen;
import io.madang.runtime.bus.BusMessage.UploadCredit;
import io.madang.runtime.bus.BusMessage.UploadDone;
import io.madang.runtime.bus.BusMessage.UploadEnd;
import io.madang.runtime.bus.BusMessage.UploadItem;
import io.madang.runtime.bus.BusMessage.UploadOpen;
import io.madang.runtime.bus.BusMessage.UploadProgress;
import io.madang.runtime.membership.NodeInfo;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import java.util.Set;

/**
 * {@link BusMessage}s on the wire: one byte for the kind, then its fields in order. Within a process the message itself is
 * handed over, unless {@code encodeLocally} asks for the wire form there too, as tests do.
 *
 * <p>The name carries the version: nodes of two versions with different names do not understand each other.
 */
public final class BusCodec implements MessageCodec<BusMessage, BusMessage> {
  static final String NAME = "madang-2";

  private static final int BEAT = 1;
  private static final int INTEREST = 2;
  private static final int INTEREST_TAKEN = 3;
  private static final int INTEREST_WANTED = 4;
  private static final int BATCH = 5;
  private static final int ASK = 6;
  private static final int ANSWER = 7;
  private static final int STREAM_OPEN = 8;
  private static final int STREAM_CONTROL = 9;
  private static final int STREAM_ITEM = 10;
  private static final int STREAM_END = 11;
  private static final int UPLOAD_OPEN = 12;
  private static final int UPLOAD_ITEM = 13;
  private static final int UPLOAD_END = 14;
  private static final int UPLOAD_CREDIT = 15;
  private static final int UPLOAD_PROGRESS = 16;
  private static final int UPLOAD_DONE = 17;
  private static final int BATCH_TAKEN = 18;
  private static final int NOTE = 19;
  private static final int RELAYED = 20;

  private final boolean encodeLocally;

  /** @param encodeLocally whether messages take their wire form within the process too */
  public BusCodec(boolean encodeLocally) {
    this.encodeLocally = encodeLocally;
  }

  @Override
  public void encodeToWire(Buffer buffer, BusMessage message) {
    message.dispatch(new Encoder(new WireWriter(buffer)));
  }

  @Override
  public BusMessage decodeFromWire(int position, Buffer buffer) {
    return decode(new WireReader(buffer, position));
  }

  @Override
  public BusMessage transform(BusMessage message) {
    if (!encodeLocally) {
      return message;
    }
    Buffer buffer = Buffer.buffer();
    encodeToWire(buffer, message);
    return decodeFromWire(0, buffer);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }

  private record Encoder(WireWriter wire, WireParts parts) implements BusMessage.Handler {
    Encoder(WireWriter wire) {
      this(wire, new WireParts());
    }

    @Override
    public void on(Beat message) {
      wire.code(BEAT);
      wire.text(message.from().id());
      wire.text(message.from().name());
      wire.list(message.from().roles(), wire::text);
      wire.number(message.clockMs());
      wire.list(message.accepting(), wire::text);
      wire.list(message.interest(), digest -> {
        wire.text(digest.service());
        wire.number(digest.version());
        wire.number(digest.hash());
      });
    }

    @Override
    public void on(Interest message) {
      wire.code(INTEREST);
      wire.text(message.gateway());
      wire.text(message.service());
      wire.number(message.baseVersion());
      wire.number(message.version());
      wire.list(message.added(), topic -> wire.text(topic.name()));
      wire.list(message.removed(), topic -> wire.text(topic.name()));
    }

    @Override
    public void on(InterestTaken message) {
      wire.code(INTEREST_TAKEN);
      wire.text(message.node());
      wire.text(message.service());
      wire.number(message.version());
    }

    @Override
    public void on(InterestWanted message) {
      wire.code(INTEREST_WANTED);
      wire.text(message.node());
      wire.text(message.service());
    }

    @Override
    public void on(Batch message) {
      wire.code(BATCH);
      wire.text(message.node());
      wire.text(message.service());
      wire.number(message.life());
      wire.number(message.number());
      wire.number(message.floor());
      wire.list(message.publications(), publication -> parts.writePublication(wire, publication));
      parts.writePositions(wire, message.newest());
      wire.flag(message.othersLeftOut());
    }

    @Override
    public void on(BatchTaken message) {
      wire.code(BATCH_TAKEN);
      wire.text(message.gateway());
      wire.text(message.service());
      wire.number(message.life());
      wire.list(message.numbers(), wire::number);
    }

    @Override
    public void on(Ask message) {
      wire.code(ASK);
      wire.number(message.id());
      wire.text(message.from());
      wire.text(message.service());
      wire.number(message.budgetMs());
      wire.number(message.beginUntilMs());
      wire.optional(message.place(), place -> parts.writePlace(wire, place));
      parts.writeQuestion(wire, message.question());
    }

    @Override
    public void on(Answer message) {
      wire.code(ANSWER);
      wire.number(message.id());
      parts.writeReply(wire, message.reply());
    }

    @Override
    public void on(StreamOpen message) {
      wire.code(STREAM_OPEN);
      wire.text(message.from());
      wire.number(message.id());
      wire.text(message.service());
      parts.writeCaller(wire, message.call().caller());
      wire.text(message.call().name());
      wire.payload(message.call().arguments());
      wire.number(message.credit());
    }

    @Override
    public void on(StreamControl message) {
      wire.code(STREAM_CONTROL);
      wire.text(message.from());
      wire.number(message.id());
      wire.text(message.service());
      wire.number(message.credit());
    }

    @Override
    public void on(StreamItem message) {
      wire.code(STREAM_ITEM);
      wire.number(message.id());
      wire.payload(message.item());
    }

    @Override
    public void on(StreamEnd message) {
      wire.code(STREAM_END);
      wire.number(message.id());
      wire.optional(message.refusal(), refusal -> parts.writeRefusal(wire, refusal));
    }

    @Override
    public void on(UploadOpen message) {
      wire.code(UPLOAD_OPEN);
      wire.text(message.from());
      wire.number(message.id());
      wire.text(message.service());
      parts.writeCaller(wire, message.call().caller());
      wire.text(message.call().name());
      wire.payload(message.call().arguments());
    }

    @Override
    public void on(UploadItem message) {
      wire.code(UPLOAD_ITEM);
      wire.text(message.from());
      wire.number(message.id());
      wire.text(message.service());
      wire.number(message.number());
      wire.payload(message.item());
    }

    @Override
    public void on(UploadEnd message) {
      wire.code(UPLOAD_END);
      wire.text(message.from());
      wire.number(message.id());
      wire.text(message.service());
      wire.flag(message.whole());
      wire.number(message.items());
    }

    @Override
    public void on(UploadCredit message) {
      wire.code(UPLOAD_CREDIT);
      wire.number(message.id());
      wire.number(message.items());
    }

    @Override
    public void on(UploadProgress message) {
      wire.code(UPLOAD_PROGRESS);
      wire.number(message.id());
      wire.payload(message.item());
    }

    @Override
    public void on(UploadDone message) {
      wire.code(UPLOAD_DONE);
      wire.number(message.id());
      parts.writeOutcome(wire, message.outcome());
    }

    @Override
    public void on(Note message) {
      wire.code(NOTE);
      wire.text(message.from());
      wire.text(message.subject());
      wire.payload(message.body());
    }

    @Override
    public void on(Relayed message) {
      wire.code(RELAYED);
      wire.text(message.from());
      wire.payload(message.word());
    }
  }

  private static BusMessage decode(WireReader wire) {
    WireParts parts = new WireParts();
    int code = wire.code();
    return switch (code) {
      case BEAT ->
        new Beat(
            new NodeInfo(wire.text(), wire.text(), Set.copyOf(wire.list(wire::text))),
            wire.wholeLong(),
            wire.list(wire::text),
            wire.list(() -> new InterestDigest(wire.text(), wire.wholeLong(), wire.wholeLong())));
      case INTEREST ->
        new Interest(
            wire.text(),
            wire.text(),
            wire.wholeLong(),
            wire.wholeLong(),
            wire.list(() -> parts.readTopic(wire)),
            wire.list(() -> parts.readTopic(wire)));
      case INTEREST_TAKEN -> new InterestTaken(wire.text(), wire.text(), wire.wholeLong());
      case INTEREST_WANTED -> new InterestWanted(wire.text(), wire.text());
      case BATCH ->
        new Batch(
            wire.text(),
            wire.text(),
            wire.wholeLong(),
            wire.wholeLong(),
            wire.wholeLong(),
            wire.list(() -> parts.readPublication(wire)),
            parts.readPositions(wire),
            wire.flag());
      case BATCH_TAKEN ->
        new BatchTaken(wire.text(), wire.text(), wire.wholeLong(), wire.list(wire::wholeLong));
      case ASK ->
        new Ask(
            wire.wholeLong(),
            wire.text(),
            wire.text(),
            wire.wholeInt(),
            wire.wholeLong(),
            wire.optional(() -> parts.readPlace(wire)),
            parts.readQuestion(wire));
      case ANSWER -> new Answer(wire.wholeLong(), parts.readReply(wire));
      case STREAM_OPEN ->
        new StreamOpen(
            wire.text(),
            wire.wholeLong(),
            wire.text(),
            parts.readStreamCall(wire),
            wire.wholeInt());
      case STREAM_CONTROL ->
        new StreamControl(wire.text(), wire.wholeLong(), wire.text(), wire.wholeInt());
      case STREAM_ITEM -> new StreamItem(wire.wholeLong(), wire.payload());
      case STREAM_END ->
        new StreamEnd(wire.wholeLong(), wire.optional(() -> parts.readRefusal(wire)));
      case UPLOAD_OPEN ->
        new UploadOpen(wire.text(), wire.wholeLong(), wire.text(), parts.readUploadCall(wire));
      case UPLOAD_ITEM ->
        new UploadItem(
            wire.text(), wire.wholeLong(), wire.text(), wire.wholeLong(), wire.payload());
      case UPLOAD_END ->
        new UploadEnd(wire.text(), wire.wholeLong(), wire.text(), wire.flag(), wire.wholeLong());
      case UPLOAD_CREDIT -> new UploadCredit(wire.wholeLong(), wire.wholeInt());
      case UPLOAD_PROGRESS -> new UploadProgress(wire.wholeLong(), wire.payload());
      case UPLOAD_DONE -> new UploadDone(wire.wholeLong(), parts.readOutcome(wire));
      case NOTE -> new Note(wire.text(), wire.text(), wire.payload());
      case RELAYED -> new Relayed(wire.text(), wire.payload());
      default -> throw new IllegalArgumentException("no bus message has the code " + code);
    };
  }
}
