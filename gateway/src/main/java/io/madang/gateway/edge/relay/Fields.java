package io.madang.gateway.edge.relay;

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
import java.util.Optional;

/** Fields as bytes, one behind the other: what words between gateways are made of. */
public final class Fields {
  private static final int NOBODY = 0;
  private static final int BEARER = 1;
  private static final int TICKET = 2;
  private static final int COOKIE = 3;

  private Fields() {}

  /** Writes or reads fields in order; what fails is the memory, which does not, or a text that is cut short. */
  @FunctionalInterface
  public interface Writing {
    void to(Out out) throws IOException;
  }

  /** As {@link Writing}. */
  @FunctionalInterface
  public interface Reading<T> {
    T from(In in) throws IOException;
  }

  public static Payload write(Writing fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      fields.to(new Out(new DataOutputStream(bytes)));
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory cannot fail", e);
    }
    return Payload.wrap(bytes.toByteArray());
  }

  /** @throws IllegalArgumentException when the bytes end in the middle, or say what cannot be */
  public static <T> T read(Payload bytes, Reading<T> fields) {
    try {
      return fields.from(new In(new DataInputStream(new ByteArrayInputStream(bytes.utf8()))));
    } catch (IOException e) {
      throw new IllegalArgumentException("a word between gateways ends in the middle", e);
    }
  }

  /** Fields that are written. */
  public static final class Out {
    private final DataOutputStream out;

    private Out(DataOutputStream out) {
      this.out = out;
    }

    public void code(int code) throws IOException {
      out.writeByte(code);
    }

    public void number(int number) throws IOException {
      out.writeInt(number);
    }

    public void count(long count) throws IOException {
      out.writeLong(count);
    }

    public void text(String text) throws IOException {
      bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Not as UTF-8: a string of JavaScript may hold half pairs, which UTF-8 cannot say. */
    public void units(String text) throws IOException {
      out.writeInt(text.length());
      out.writeChars(text);
    }

    public void bytes(byte[] bytes) throws IOException {
      out.writeInt(bytes.length);
      out.write(bytes);
    }

    public void credential(Optional<Credential> offered) throws IOException {
      if (offered.isEmpty()) {
        code(NOBODY);
      } else {
        Shown shown = offered.get().dispatch(new Shower());
        code(shown.kind());
        text(shown.secret().value());
      }
    }
  }

  /** Fields that are read. */
  public static final class In {
    private final DataInputStream in;

    private In(DataInputStream in) {
      this.in = in;
    }

    public int code() throws IOException {
      return in.readByte();
    }

    public int number() throws IOException {
      return in.readInt();
    }

    public long count() throws IOException {
      return in.readLong();
    }

    public String text() throws IOException {
      return new String(bytes(), StandardCharsets.UTF_8);
    }

    public String units() throws IOException {
      byte[] units = bytes(Character.BYTES);
      StringBuilder text = new StringBuilder(units.length / Character.BYTES);
      for (int at = 0; at < units.length; at += Character.BYTES) {
        text.append((char) (((units[at] & 0xFF) << 8) | (units[at + 1] & 0xFF)));
      }
      return text.toString();
    }

    public byte[] bytes() throws IOException {
      return bytes(1);
    }

    private byte[] bytes(int unit) throws IOException {
      int count = in.readInt();
      if (count < 0 || count > in.available() / unit) {
        throw new IllegalArgumentException("a word between gateways claims a length of " + count);
      }
      return in.readNBytes(count * unit);
    }

    public Optional<Credential> credential() throws IOException {
      int kind = code();
      if (kind == NOBODY) {
        return Optional.empty();
      }
      Secret secret = new Secret(text());
      return Optional.of(
          switch (kind) {
            case BEARER -> new Credential.Bearer(secret);
            case TICKET -> new Credential.Ticket(secret);
            case COOKIE -> new Credential.Cookie(secret);
            default -> throw new IllegalArgumentException("no credential has the code " + kind);
          });
    }
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
