package io.madang.gateway.edge.relay;

import io.madang.runtime.topic.Payload;
import java.io.IOException;

/** {@link Word}s as bytes: one byte for which, then its fields in order. */
final class WordCodec {
  private static final int RECEIVE = 1;
  private static final int TAKEN = 2;
  private static final int GONE = 3;
  private static final int DELIVER = 4;
  private static final int FRAME = 5;
  private static final int END = 6;
  private static final int PATIENCE = 7;
  private static final int LOST = 8;
  private static final int DELIVERED = 9;

  private WordCodec() {}

  static Payload encode(Word word) {
    return Fields.write(out -> write(out, word));
  }

  private static void write(Fields.Out out, Word word) throws IOException {
    if (word instanceof Word.Receive receive) {
      begin(out, RECEIVE, receive);
      out.bytes(receive.request().utf8());
      out.count(receive.received());
    } else if (word instanceof Word.Taken taken) {
      begin(out, TAKEN, taken);
      out.count(taken.frames());
    } else if (word instanceof Word.Gone gone) {
      begin(out, GONE, gone);
    } else if (word instanceof Word.Deliver deliver) {
      begin(out, DELIVER, deliver);
      out.bytes(deliver.request().utf8());
    } else if (word instanceof Word.Frame frame) {
      begin(out, FRAME, frame);
      out.count(frame.number());
      out.bytes(frame.bytes().utf8());
    } else if (word instanceof Word.End end) {
      begin(out, END, end);
      out.count(end.frames());
      out.number(end.status());
    } else if (word instanceof Word.Delivered delivered) {
      begin(out, DELIVERED, delivered);
      out.number(delivered.status());
    } else {
      begin(out, word instanceof Word.Lost ? LOST : PATIENCE, word);
    }
  }

  private static void begin(Fields.Out out, int which, Word word) throws IOException {
    out.code(which);
    out.count(word.id());
    if (word instanceof Word.ToHome toHome) {
      out.text(toHome.kind());
      out.text(toHome.name());
    }
  }

  /** @throws IllegalArgumentException when it is no word, as from a gateway of a version to come */
  static Word decode(Payload payload) {
    return Fields.read(payload, WordCodec::read);
  }

  private static Word read(Fields.In in) throws IOException {
    int which = in.code();
    long id = in.count();
    return switch (which) {
      case RECEIVE ->
        new Word.Receive(id, in.text(), in.text(), Payload.wrap(in.bytes()), in.count());
      case TAKEN -> new Word.Taken(id, in.text(), in.text(), in.count());
      case GONE -> new Word.Gone(id, in.text(), in.text());
      case DELIVER -> new Word.Deliver(id, in.text(), in.text(), Payload.wrap(in.bytes()));
      case FRAME -> new Word.Frame(id, in.count(), Payload.wrap(in.bytes()));
      case END -> new Word.End(id, in.count(), in.number());
      case PATIENCE -> new Word.Patience(id);
      case LOST -> new Word.Lost(id);
      case DELIVERED -> new Word.Delivered(id, in.number());
      default ->
        throw new IllegalArgumentException("no word between gateways has the code " + which);
    };
  }
}
