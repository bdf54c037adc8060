package io.madang.system.access;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** On a WebSocket, or on SockJS over one. */
final class SocketLine extends FrameLine implements WebSocket.Listener {
  private final boolean overSockJs;
  private final StringBuilder part = new StringBuilder();
  private WebSocket socket;

  private SocketLine(boolean overSockJs) {
    this.overSockJs = overSockJs;
  }

  static SocketLine open(HttpClient http, String address, Shown shown, boolean overSockJs) {
    String path = overSockJs ? "/sockjs/000/" + UUID.randomUUID() + "/websocket" : "/ws";
    path += shown.ticket().map(ticket -> "?ticket=" + ticket).orElse("");
    WebSocket.Builder builder = http.newWebSocketBuilder();
    shown.cookie().ifPresent(cookie -> builder.header("Cookie", cookie));
    shown.origin().ifPresent(origin -> builder.header("Origin", origin));
    SocketLine line = new SocketLine(overSockJs);
    URI uri = URI.create(address.replaceFirst("^http", "ws") + path);
    try {
      line.socket = builder.buildAsync(uri, line).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        throw new RefusedException(String.valueOf(refused.getResponse().statusCode()));
      }
      throw e;
    }
    return line;
  }

  @Override
  void say(String frame) {
    try {
      socket.sendText(overSockJs ? forSockJs(frame) : frame, true).join();
    } catch (CompletionException e) {
      // It is being closed.
    }
  }

  @Override
  void leave() {
    socket.abort();
  }

  @Override
  public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
    part.append(data);
    if (last) {
      if (overSockJs) {
        heardOfSockJs(part.toString());
      } else {
        heard(part.toString());
      }
      part.setLength(0);
    }
    from.request(1);
    return null;
  }

  @Override
  public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    heardClose(code);
    return null;
  }
}
