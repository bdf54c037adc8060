package io.madang.gateway.edge.sockjs.session;

import io.madang.gateway.edge.sockjs.text.Quoted;
import io.madang.gateway.edge.sockjs.text.SockJsFrames;
import io.madang.gateway.edge.websocket.wire.SharedFrames;
import io.madang.gateway.fanout.Encoding;
import io.madang.gateway.fanout.SharedPublication;
import java.util.List;

/**
 * How a protocol says publications, each made once for the node and what a turn brings once for the loop. One object for all
 * sessions of the protocol: that is how what was made already is known.
 */
public final class Speech {
  private final SharedPublication.Form message;
  private final SharedPublication.Form element;
  private final Encoding<SharedFrames> plain;
  private final Encoding<SharedFrames> framed;

  /** @param message what a publication is as one message */
  public Speech(SharedPublication.Form message) {
    this.message = message;
    this.element = publication -> Quoted.of(publication.as(message));
    this.plain = publications -> SharedFrames.ofTexts(
        publications.stream().map(publication -> publication.as(message)).toList());
    this.framed = publications -> SharedFrames.ofTexts(List.of(SockJsFrames.messages(
        publications.stream().map(publication -> publication.as(element)).toList())));
  }

  /** The publication as one message. */
  byte[] message(SharedPublication publication) {
    return publication.as(message);
  }

  /** The publication as an element of an array of messages. */
  byte[] element(SharedPublication publication) {
    return publication.as(element);
  }

  /** Publications as WebSocket messages, one each. */
  Encoding<SharedFrames> plain() {
    return plain;
  }

  /** Publications as one WebSocket message with one array. */
  Encoding<SharedFrames> framed() {
    return framed;
  }
}
