package io.madang.protocol.codec;

import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.json.JsonLimits;
import io.madang.protocol.json.StrictJson;

/**
 * Frames as UTF-8 JSON, both ways and for both sides. One object per message; members that are not known are ignored;
 * optional members that are empty are left out. Immutable, safe for use from any thread.
 */
public final class FrameCodec {
  private final StrictJson fromClients;
  private final StrictJson fromGateways;
  private final ClientFrameWriter clientWriter = new ClientFrameWriter();
  private final ServerFrameWriter serverWriter = new ServerFrameWriter();

  public FrameCodec() {
    this(JsonLimits.fromClients(), JsonLimits.fromGateways());
  }

  public FrameCodec(JsonLimits fromClients, JsonLimits fromGateways) {
    this.fromClients = new StrictJson(fromClients);
    this.fromGateways = new StrictJson(fromGateways);
  }

  /** What a client said; whatever the bytes are, it throws nothing but {@link BadFrameException}. */
  public ClientFrame decodeClientFrame(byte[] utf8) throws BadFrameException {
    Members members = Members.ofFrame(fromClients, utf8);
    try {
      return ClientFrameReader.read(members);
    } catch (BadFrameException e) {
      throw e.withRef(members.refIfReadable());
    } catch (IllegalArgumentException e) {
      // The record refused its own content, in words meant for the sender.
      throw BadFrameException.notReadable(e.getMessage()).withRef(members.refIfReadable());
    }
  }

  /** What a gateway said; whatever the bytes are, it throws nothing but {@link BadFrameException}. */
  public ServerFrame decodeServerFrame(byte[] utf8) throws BadFrameException {
    Members members = Members.ofFrame(fromGateways, utf8);
    try {
      return ServerFrameReader.read(members);
    } catch (BadFrameException e) {
      throw e.withRef(members.refIfReadable());
    } catch (IllegalArgumentException e) {
      throw BadFrameException.notReadable(e.getMessage()).withRef(members.refIfReadable());
    }
  }

  public byte[] encode(ClientFrame frame) {
    return clientWriter.write(frame);
  }

  public byte[] encode(ServerFrame frame) {
    return serverWriter.write(frame);
  }
}
