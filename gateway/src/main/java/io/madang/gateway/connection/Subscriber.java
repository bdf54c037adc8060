package io.madang.gateway.connection;

import io.madang.protocol.frame.ServerFrame;
import io.madang.runtime.command.Caller;

/** What topics know of a connection: who it is, and where its publications go. On the connection's event loop. */
public interface Subscriber {

  /** The connection's id. */
  String id();

  /** Who is signed in on it. */
  Caller caller();

  void onPublication(ServerFrame.Publication publication);

  void onGap(ServerFrame.Gap gap);

  /** The subscription ended without the client's wish; nothing more of the topic comes. */
  void onRevoked(String topic, String reason);
}
