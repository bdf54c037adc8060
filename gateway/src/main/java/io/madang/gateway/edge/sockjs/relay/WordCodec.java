package io.madang.gateway.edge.sockjs.relay;

import io.madang.gateway.edge.sockjs.session.Opening;
import io.madang.gateway.edge.sockjs.session.Reception;
import io.madang.gateway.edge.sockjs.text.Wrapping;
import io.madang.gateway.identity.Credential;
import io.madang.runtime.config.Secret;
import io.madang.runtime.topic.Payload;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@link Word}s as bytes: one byte for the kind, then its fields in order. */
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

  private static final int LINE = 1;
  private static final int EVENT = 2;
  private static final int SCRIPT = 3;
  private static final int CALL = 4;

  private static final int NOBODY = 0;
  private static final int BEARER = 1;
  private static final int TICKET = 2;
  private static final int COOKIE = 3;

  private WordCodec() {}

  static Payload encode(Word word) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      write(new DataOutputStream(bytes), word);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return Payload.wrap(bytes.toByteArray());
  }

  private static void write(DataOutputStream out, Word word) throws IOException {
    if (word instanceof Word.Receive receive) {
      begin(out, RECEIVE, receive);
      write(out, receive.from());
      write(out, receive.reception());
      out.writeLong(receive.received());
    } else if (word instanceof Word.Taken taken) {
      begin(out, TAKEN, taken);
      out.writeLong(taken.frames());
    } else if (word instanceof Word.Gone gone) {
      begin(out, GONE, gone);
    } else if (word instanceof Word.Deliver deliver) {
      begin(out, DELIVER, deliver);
      write(out, deliver.from());
      out.writeInt(deliver.messages().size());
      for (String message : deliver.messages()) {
        // Not as UTF-8: a message may hold half pairs, which UTF-8 cannot say.
        out.writeInt(message.length());
        out.writeChars(message);
      }
    } else if (word instanceof Word.Frame frame) {
      begin(out, FRAME, frame);
      out.writeLong(frame.number());
      bytes(out, frame.wrapped().utf8());
    } else if (word instanceof Word.End end) {
      begin(out, END, end);
      out.writeLong(end.frames());
    } else if (word instanceof Word.Delivered delivered) {
      begin(out, DELIVERED, delivered);
      out.writeBoolean(delivered.isTaken());
    } else {
      begin(out, word instanceof Word.Lost ? LOST : PATIENCE, word);
    }
  }

  private static void begin(DataOutputStream out, int kind, Word word) throws IOException {
    out.writeByte(kind);
    out.writeLong(word.id());
    if (word instanceof Word.ToHome toHome) {
      text(out, toHome.base());
      text(out, toHome.session());
    }
  }

  private static void write(DataOutputStream out, Opening from) throws IOException {
    text(out, from.address());
    Optional<Credential> offered = from.offered();
    if (offered.isEmpty()) {
      out.writeByte(NOBODY);
    } else {
      Shown shown = offered.get().dispatch(new Shower());
      out.writeByte(shown.kind());
      text(out, shown.secret().value());
    }
  }

  private static void write(DataOutputStream out, Reception reception) throws IOException {
    Wrapping wrapping = reception.wrapping();
    if (wrapping instanceof Wrapping.Call call) {
      out.writeByte(CALL);
      text(out, call.callback());
    } else {
      out.writeByte(
          wrapping instanceof Wrapping.Line
              ? LINE
              : wrapping instanceof Wrapping.Event ? EVENT : SCRIPT);
    }
    out.writeInt(reception.limitBytes());
  }

  /** @throws IllegalArgumentException when it is no word, as from a gateway of a version to come */
  static Word decode(Payload payload) {
    try {
      return read(new DataInputStream(new ByteArrayInputStream(payload.utf8())));
    } catch (IOException e) {
      throw new IllegalArgumentException("a word between gateways ends in the middle", e);
    }
  }

  private static Word read(DataInputStream in) throws IOException {
    int kind = in.readByte();
    long id = in.readLong();
    return switch (kind) {
      case RECEIVE ->
        new Word.Receive(id, text(in), text(in), opening(in), reception(in), in.readLong());
      case TAKEN -> new Word.Taken(id, text(in), text(in), in.readLong());
      case GONE -> new Word.Gone(id, text(in), text(in));
      case DELIVER -> new Word.Deliver(id, text(in), text(in), opening(in), messages(in));
      case FRAME -> new Word.Frame(id, in.readLong(), Payload.wrap(bytes(in)));
      case END -> new Word.End(id, in.readLong());
      case PATIENCE -> new Word.Patience(id);
      case LOST -> new Word.Lost(id);
      case DELIVERED -> new Word.Delivered(id, in.readBoolean());
      default ->
        throw new IllegalArgumentException("no word between gateways has the code " + kind);
    };
  }

  private static Opening opening(DataInputStream in) throws IOException {
    String address = text(in);
    int kind = in.readByte();
    if (kind == NOBODY) {
      return new Opening(Optional.empty(), address);
    }
    Secret secret = new Secret(text(in));
    return new Opening(
        Optional.of(
            switch (kind) {
              case BEARER -> new Credential.Bearer(secret);
              case TICKET -> new Credential.Ticket(secret);
              case COOKIE -> new Credential.Cookie(secret);
              default -> throw new IllegalArgumentException("no credential has the code " + kind);
            }),
        address);
  }

  private static Reception reception(DataInputStream in) throws IOException {
    int kind = in.readByte();
    Wrapping wrapping = switch (kind) {
      case LINE -> new Wrapping.Line();
      case EVENT -> new Wrapping.Event();
      case SCRIPT -> new Wrapping.Script();
      case CALL -> new Wrapping.Call(text(in));
      default -> throw new IllegalArgumentException("no wrapping has the code " + kind);
    };
    return new Reception(wrapping, in.readInt());
  }

  private static List<String> messages(DataInputStream in) throws IOException {
    int count = in.readInt();
    List<String> messages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] units = bytes(in, Character.BYTES);
      StringBuilder message = new StringBuilder(units.length / Character.BYTES);
      for (int at = 0; at < units.length; at += Character.BYTES) {
        message.append((char) (((units[at] & 0xFF) << 8) | (units[at + 1] & 0xFF)));
      }
      messages.add(message.toString());
    }
    return messages;
  }

  private static void text(DataOutputStream out, String text) throws IOException {
    bytes(out, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(DataInputStream in) throws IOException {
    return new String(bytes(in), StandardCharsets.UTF_8);
  }

  private static void bytes(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static byte[] bytes(DataInputStream in) throws IOException {
    return bytes(in, 1);
  }

  private static byte[] bytes(DataInputStream in, int unit) throws IOException {
    int count = in.readInt();
    if (count < 0 || count > in.available() / unit) {
      throw new IllegalArgumentException("a word between gateways claims a length of " + count);
    }
    return in.readNBytes(count * unit);
  }

  private record Shown(int kind, Secret secret) {}

  private static final class Shower implements Credential.Handler<Shown> {
    @Override
    public Shown on(Credential.Bearer credential) {
      return new Shown(BEARER, credential.token());
    }

    @Override
    public Shown on(Credential.Ticket credential) {
      return new Shown(TICKET, credential.ticket());
    }

    @Override
    public Shown on(Credential.Cookie credential) {
      return new Shown(COOKIE, credential.token());
    }
  }
}
