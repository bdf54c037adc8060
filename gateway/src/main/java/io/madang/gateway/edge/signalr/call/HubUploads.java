package io.madang.gateway.edge.signalr.call;

import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.command.Effects;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Streams from one client, until the calls that they came with are answered. On the connection's loop. */
final class HubUploads {
  /** Items of a client's stream that may wait; beyond, nothing more is read from it. */
  static final int MAX_WAITING_ITEMS = 10;

  /** Bytes of such items; beyond, where the transport could not make the client wait, the call fails. */
  static final int MAX_WAITING_BYTES = 1 << 20;

  private final HubVoice voice;
  private final HubReading reading;
  private final HubCompletions completions;

  /** By the ids of the streams. */
  private final Map<String, Uploading> uploads = new HashMap<>();

  HubUploads(HubVoice voice, HubReading reading, HubCompletions completions) {
    this.voice = voice;
    this.reading = reading;
    this.completions = completions;
  }

  void begin(HubCall call, String stream) {
    Uploading uploading = new Uploading(call, stream);
    uploads.put(stream, uploading);
    voice.ask(
        ref -> {
          uploading.ref = ref;
          return new ClientFrame.Upload(ref, call.service(), call.asks(), call.raw());
        },
        uploading);
  }

  boolean has(String stream) {
    return uploads.containsKey(stream);
  }

  void item(String stream, RawJson item) {
    Uploading uploading = uploads.get(stream);
    if (uploading != null) {
      uploading.add(item);
    }
  }

  /** The stream is over. */
  void end(String stream, boolean isFailed) {
    Uploading uploading = uploads.get(stream);
    if (uploading != null) {
      uploading.end(isFailed);
    }
  }

  /** One of them. */
  private final class Uploading implements Answer {
    private final HubCall call;
    private final String stream;
    private final Deque<RawJson> waiting = new ArrayDeque<>();
    private int waitingBytes;

    /** Of the request at the gateway. */
    private long ref;

    /** Items that the service takes now. */
    private int credit;

    /** Whether the client said that there are no more. */
    private boolean isWhole;

    /** Whether the service was told so; what is read on after a pause may have done that. */
    private boolean isEnded;

    private boolean isPaused;

    Uploading(HubCall call, String stream) {
      this.call = call;
      this.stream = stream;
    }

    void add(RawJson item) {
      if (isWhole) {
        return;
      }
      waiting.add(item);
      waitingBytes += item.length();
      passOn();
      if (waitingBytes > MAX_WAITING_BYTES) {
        giveUp(HubErrors.ofCall(
            call,
            voice.caller(),
            Failure.of(ErrorCode.TOO_LARGE, "The stream comes faster than it is taken.")));
      } else if (waiting.size() > MAX_WAITING_ITEMS && !isPaused) {
        isPaused = true;
        reading.pause();
      }
    }

    void end(boolean isFailed) {
      if (isFailed) {
        giveUp(HubErrors.ofClientsStream(call.target()));
      } else {
        isWhole = true;
        passOn();
      }
    }

    private void giveUp(String error) {
      over();
      voice.about(new ClientFrame.Cancel(ref));
      completions.failed(call.id(), error);
    }

    private void passOn() {
      while (credit > 0 && !waiting.isEmpty()) {
        credit--;
        RawJson item = waiting.remove();
        waitingBytes -= item.length();
        voice.about(new ClientFrame.UploadItem(ref, item));
      }
      if (isPaused && waiting.size() <= MAX_WAITING_ITEMS) {
        isPaused = false;
        reading.goOn();
      }
      if (isWhole && !isEnded && waiting.isEmpty()) {
        isEnded = true;
        voice.about(new ClientFrame.UploadEnd(ref));
      }
    }

    /** The client's stream is of no use any more. */
    private void over() {
      uploads.remove(stream);
      waiting.clear();
      waitingBytes = 0;
      if (isPaused) {
        isPaused = false;
        reading.goOn();
      }
    }

    @Override
    public void onMore(int items) {
      credit += items;
      passOn();
    }

    @Override
    public void onItem(RawJson item) {
      voice.tell(call.shown().progress(), item, call.arguments());
    }

    @Override
    public void onReply(RawJson result, Effects effects) {
      over();
      completions.done(call, result, effects);
    }

    @Override
    public void onError(Failure failure) {
      over();
      completions.refused(call, failure);
    }
  }
}
