package io.madang.runtime.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/**
 * {@link SealedMessage}s on the wire: the MAC, then the sender, the number and the message, over which it is made together with
 * the target. What does not carry the right MAC for this node is not decoded.
 */
final class SealedCodec implements MessageCodec<SealedMessage, SealedMessage> {
  static final String NAME = "madang-sealed-1";

  private final String self;
  private final BusSeal seal;
  private final BusCodec codec = new BusCodec(false);

  /** The bytes are not from a node of this mesh, or not for this one. */
  static final class ForgedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ForgedException() {
      super("a message does not carry the MAC of this mesh", null, false, false);
    }
  }

  /** @param self id of the node that receives */
  SealedCodec(String self, BusSeal seal) {
    this.self = self;
    this.seal = seal;
  }

  @Override
  public void encodeToWire(Buffer buffer, SealedMessage sealed) {
    Buffer body = Buffer.buffer();
    WireWriter wire = new WireWriter(body);
    wire.text(sealed.from());
    wire.number(sealed.number());
    codec.encodeToWire(body, sealed.message());
    byte[] bytes = body.getBytes();
    buffer.appendBytes(seal.macOf(sealed.target(), bytes));
    buffer.appendInt(bytes.length);
    buffer.appendBytes(bytes);
  }

  @Override
  public SealedMessage decodeFromWire(int position, Buffer buffer) {
    int lengthAt = position + BusSeal.MAC_BYTES;
    int bodyAt = lengthAt + Integer.BYTES;
    if (bodyAt > buffer.length()) {
      throw new ForgedException();
    }
    int length = buffer.getInt(lengthAt);
    if (length < 0 || length > buffer.length() - bodyAt) {
      throw new ForgedException();
    }
    byte[] bytes = buffer.getBytes(bodyAt, bodyAt + length);
    if (!seal.isRight(buffer.getBytes(position, lengthAt), self, bytes)) {
      throw new ForgedException();
    }
    Buffer body = Buffer.buffer(bytes);
    WireReader wire = new WireReader(body, 0);
    String from = wire.text();
    long number = wire.wholeLong();
    return new SealedMessage(self, from, number, codec.decodeFromWire(wire.position(), body));
  }

  @Override
  public SealedMessage transform(SealedMessage sealed) {
    return sealed;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public byte systemCodecID() {
    return -1;
  }
}
