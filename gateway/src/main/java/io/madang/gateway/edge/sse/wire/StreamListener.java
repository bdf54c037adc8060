package io.madang.gateway.edge.sse.wire;

/** What an event stream tells the edge it belongs to, on the stream's loop. */
public interface StreamListener {

  /** The network has taken most of what waited, after more waited than may. */
  void onDrained();

  /** The server stops and takes the stream with it in a moment. */
  void onShutdown();

  /** Nothing more can be said: the channel is gone. Told once. */
  void onClosed();
}
