package io.madang.benchmarks.service;

import io.madang.runtime.service.StreamSink;
import io.madang.runtime.topic.Payload;

/** The whole numbers from 1 on, as fast as the reader takes them. Nothing is made that was not asked for. */
final class CountStream {
  private final int to;
  private final StreamSink sink;

  /** The number to send next. */
  private int next = 1;

  private CountStream(int to, StreamSink sink) {
    this.to = to;
    this.sink = sink;
  }

  static void open(int to, StreamSink sink) {
    CountStream stream = new CountStream(to, sink);
    sink.onCredit(stream::send);
    stream.send();
  }

  private void send() {
    while (next <= to && sink.item(Payload.ofJson(Integer.toString(next)))) {
      next++;
    }
    if (next > to) {
      sink.complete();
    }
  }
}
