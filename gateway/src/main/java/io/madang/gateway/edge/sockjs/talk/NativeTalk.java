package io.madang.gateway.edge.sockjs.talk;

import io.madang.gateway.connection.Surroundings;
import io.madang.gateway.connection.measure.LoopCounts;
import io.madang.gateway.edge.sockjs.session.Link;
import io.madang.gateway.edge.sockjs.session.Opening;
import io.madang.gateway.edge.sockjs.session.Protocol;
import io.madang.gateway.edge.sockjs.session.Speech;
import io.madang.gateway.edge.sockjs.text.Quoted;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.protocol.codec.BadFrameException;
import io.madang.protocol.codec.FrameCodec;
import io.madang.protocol.frame.ServerFrame;

/** One session that speaks {@code madang.v1}: each message is one frame. */
public final class NativeTalk extends ConnectionTalk {
  private static final Speech SPEECH = new Speech(SharedPublication::nativeFrame);

  private final FrameCodec codec;

  private NativeTalk(
      Link link, Opening opening, Surroundings around, LoopCounts counts, FrameCodec codec) {
    super(link, SPEECH, opening, around, counts);
    this.codec = codec;
  }

  /** The protocol of sessions on this loop. */
  public static Protocol on(Surroundings around, LoopCounts counts, FrameCodec codec) {
    return (link, opening) -> {
      NativeTalk talk = new NativeTalk(link, opening, around, counts, codec);
      talk.beginUnlessStopping(around);
      return talk;
    };
  }

  @Override
  protected byte[] utf8(String message) {
    return Quoted.jsonUtf8(message);
  }

  @Override
  protected void onMessage(byte[] utf8) {
    try {
      connection().onFrame(codec.decodeClientFrame(utf8));
    } catch (BadFrameException e) {
      connection().onBadFrame(e);
    }
  }

  @Override
  public void send(ServerFrame frame) {
    say(codec.encode(frame));
  }
}
