package io.madang.gateway.edge.signalr.call;

import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.json.RawJson;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Streams to one client, until each is completed. Over some transports a cancel overtakes what it cancels, so it is remembered for a
 * moment. On the connection's loop.
 */
final class HubDownloads {
  /** Items that are on their way to a client before it is asked whether it takes more. */
  private static final int ITEMS_AT_ONCE = 32;

  /** A cancel that came before its call counts so long. */
  static final Duration EARLY_CANCEL = Duration.ofSeconds(5);

  /** Such cancels of one connection; the oldest are forgotten beyond. */
  static final int MAX_EARLY_CANCELS = 64;

  private final HubVoice voice;
  private final HubCompletions completions;

  /** By the ids of their calls. */
  private final Map<String, Streaming> streams = new HashMap<>();

  /** When cancels came of calls that are not known, on the forward-only clock; the oldest first. */
  private final Map<String, Long> earlyCancels = new LinkedHashMap<>();

  HubDownloads(HubVoice voice, HubCompletions completions) {
    this.voice = voice;
    this.completions = completions;
  }

  void begin(HubCall call) {
    String id = call.id().orElseThrow();
    if (streams.containsKey(id)) {
      completions.failed(call.id(), HubErrors.idInUse(id));
      return;
    }
    Streaming streaming = new Streaming(call, id);
    streams.put(id, streaming);
    voice.ask(
        ref -> {
          streaming.ref = ref;
          return new ClientFrame.Stream(ref, call.service(), call.asks(), call.raw());
        },
        streaming);
  }

  void cancel(String id) {
    Streaming streaming = streams.get(id);
    if (streaming != null) {
      voice.about(new ClientFrame.Cancel(streaming.ref));
      return;
    }
    earlyCancels.put(id, voice.nowMs());
    if (earlyCancels.size() > MAX_EARLY_CANCELS) {
      earlyCancels.remove(earlyCancels.keySet().iterator().next());
    }
  }

  /** Whether the call that comes now was cancelled before; asked once. */
  boolean isCancelledEarly(String id) {
    Long at = earlyCancels.remove(id);
    return at != null && voice.nowMs() - at <= EARLY_CANCEL.toMillis();
  }

  /** The network took something. */
  void onWritten() {
    List.copyOf(streams.values()).forEach(Streaming::takeMore);
  }

  /** One of them. */
  private final class Streaming implements Answer {
    private final HubCall call;
    private final String id;

    /** Of the request at the gateway. */
    private long ref;

    /** Items since more were asked for. */
    private int taken;

    private boolean hasBegun;

    Streaming(HubCall call, String id) {
      this.call = call;
      this.id = id;
    }

    @Override
    public void onItem(RawJson item) {
      hasBegun = true;
      taken++;
      RawJson said = call.shown()
          .answer()
          .map(value -> completions.seen(value, item, call))
          .orElse(item);
      voice.say(new HubMessage.StreamItem(id, said));
      takeMore();
    }

    /** A client that does not read what came is not sent for more. */
    void takeMore() {
      if (taken >= ITEMS_AT_ONCE && !voice.isBusy()) {
        int more = taken;
        taken = 0;
        voice.about(new ClientFrame.More(ref, more));
      }
    }

    @Override
    public void onComplete() {
      streams.remove(id);
      voice.say(HubMessage.Completion.of(id));
    }

    @Override
    public void onError(Failure failure) {
      streams.remove(id);
      if (hasBegun) {
        completions.failed(call.id(), HubErrors.ofStream(failure));
      } else {
        completions.failed(call, failure);
      }
    }
  }
}
