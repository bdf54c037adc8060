package io.madang.gateway.edge.signalr.talk;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.command.Effects;
import io.madang.runtime.descriptor.hub.CallerEvent;
import io.madang.runtime.descriptor.hub.HubRefusal;
import io.madang.runtime.descriptor.hub.HubValue;
import io.madang.runtime.hub.Hub;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one client calls at its hub, until each call is completed. A call without an id is never completed. What is said of ids that
 * are not known is ignored: over some transports messages overtake each other. On the connection's loop.
 */
final class HubCalls {
  /** Items that are on their way to a client before it is asked whether it takes more. */
  private static final int ITEMS_AT_ONCE = 32;

  /** Items of a client's stream that may wait; beyond, nothing more is read from it. */
  static final int MAX_WAITING_ITEMS = 10;

  /** Bytes of such items; beyond, where the transport could not make the client wait, the call fails. */
  static final int MAX_WAITING_BYTES = 1 << 20;

  /** A cancel that came before its call counts so long. */
  static final Duration EARLY_CANCEL = Duration.ofSeconds(5);

  /** Such cancels of one connection; the oldest are forgotten beyond. */
  static final int MAX_EARLY_CANCELS = 64;

  /** Commands that are under way before nothing more is read from the client, as it has no other way to learn that it is too fast. */
  static final int MAX_COMMANDS = 64;

  private final HubVoice voice;
  private final HubTopics topics;
  private final int maxCommands;

  /** Commands that are not answered yet. */
  private int commands;

  /** For how many reasons nothing is read from the client. */
  private int pauses;

  /** Streams to the client, by the ids of their calls. */
  private final Map<String, Streaming> streams = new HashMap<>();

  /** Streams from the client, by their own ids. */
  private final Map<String, Uploading> uploads = new HashMap<>();

  /** When cancels came of calls that are not known, on the forward-only clock; the oldest first. */
  private final Map<String, Long> earlyCancels = new LinkedHashMap<>();

  /** @param maxPending requests of one connection that may be under way */
  HubCalls(HubVoice voice, HubTopics topics, int maxPending) {
    this.voice = voice;
    this.topics = topics;
    // Room is left for what streams and topics ask.
    this.maxCommands = Math.max(1, Math.min(MAX_COMMANDS, maxPending / 2));
  }

  private void pause() {
    if (++pauses == 1) {
      voice.setReading(false);
    }
  }

  private void goOn() {
    if (--pauses == 0) {
      voice.setReading(true);
    }
  }

  /**
   * One call.
   *
   * @param id absent where nobody waits for its completion
   * @param arguments by parameter
   */
  private record Call(Optional<String> id, String target, Hub.Method method, ObjectNode arguments) {
    RawJson raw() {
      return HubValues.raw(arguments);
    }
  }

  // What the client says.

  void invoke(HubMessage.Invocation message) {
    call(message.id(), message.target(), message.arguments(), message.streams(), false);
  }

  void stream(HubMessage.StreamInvocation message) {
    if (isCancelledEarly(message.id())) {
      voice.say(HubMessage.Completion.of(message.id()));
      return;
    }
    call(Optional.of(message.id()), message.target(), message.arguments(), message.streams(), true);
  }

  private void call(
      Optional<String> id,
      String target,
      RawJson arguments,
      List<String> clientStreams,
      boolean wantsStream) {
    HubBinding.Bound bound =
        HubBinding.bind(voice.hub(), target, arguments, clientStreams, wantsStream);
    if (bound instanceof HubBinding.Unfit unfit) {
      if (voice.mayAsk(failure -> fail(id, HubErrors.ofCall(target, failure)))) {
        fail(id, unfit.error());
      }
      return;
    }
    HubBinding.Fit fit = (HubBinding.Fit) bound;
    Call call = new Call(id, target, fit.method(), fit.arguments());
    switch (fit.method().method().kind()) {
      case COMMAND -> command(call);
      case STREAM -> stream(call);
      case UPLOAD -> upload(call, clientStreams.get(0));
    }
  }

  private void command(Call call) {
    if (++commands == maxCommands) {
      pause();
    }
    voice.ask(
        ref -> new ClientFrame.Command(
            ref,
            call.method().service(),
            call.method().method().asks(),
            Optional.empty(),
            call.raw()),
        new Commanding(call));
  }

  private void stream(Call call) {
    String id = call.id().orElseThrow();
    if (streams.containsKey(id)) {
      fail(call.id(), HubErrors.idInUse(id));
      return;
    }
    Streaming streaming = new Streaming(call, id);
    streams.put(id, streaming);
    voice.ask(
        ref -> {
          streaming.ref = ref;
          return new ClientFrame.Stream(
              ref, call.method().service(), call.method().method().asks(), call.raw());
        },
        streaming);
  }

  private void upload(Call call, String stream) {
    if (uploads.containsKey(stream)) {
      fail(call.id(), HubErrors.idInUse(stream));
      return;
    }
    Uploading uploading = new Uploading(call, stream);
    uploads.put(stream, uploading);
    voice.ask(
        ref -> {
          uploading.ref = ref;
          return new ClientFrame.Upload(
              ref, call.method().service(), call.method().method().asks(), call.raw());
        },
        uploading);
  }

  void cancel(HubMessage.CancelInvocation message) {
    Streaming streaming = streams.get(message.id());
    if (streaming != null) {
      voice.about(new ClientFrame.Cancel(streaming.ref));
      return;
    }
    earlyCancels.put(message.id(), voice.nowMs());
    if (earlyCancels.size() > MAX_EARLY_CANCELS) {
      earlyCancels.remove(earlyCancels.keySet().iterator().next());
    }
  }

  private boolean isCancelledEarly(String id) {
    Long at = earlyCancels.remove(id);
    return at != null && voice.nowMs() - at <= EARLY_CANCEL.toMillis();
  }

  void item(HubMessage.StreamItem message) {
    Uploading uploading = uploads.get(message.id());
    if (uploading != null) {
      uploading.add(message.item());
    }
  }

  /** A stream of the client's is over. */
  void complete(HubMessage.Completion message) {
    Uploading uploading = uploads.get(message.id());
    if (uploading != null) {
      uploading.end(message.error().isPresent());
    }
  }

  /** The network took something. */
  void onWritten() {
    List.copyOf(streams.values()).forEach(Streaming::takeMore);
  }

  // What becomes of it.

  private void fail(Optional<String> id, String error) {
    id.ifPresent(known -> voice.say(HubMessage.Completion.failed(known, error)));
  }

  private void refused(Call call, Failure failure) {
    Optional<CallerEvent> told = call.method().method().refusals().stream()
        .filter(each -> each.matches(failure.code()))
        .map(HubRefusal::event)
        .findFirst();
    if (told.isEmpty()) {
      fail(call.id(), HubErrors.ofCall(call.target(), failure));
      return;
    }
    RawJson refusal = HubValues.raw(JsonNodeFactory.instance
        .objectNode()
        .put("code", failure.code())
        .put("message", failure.message()));
    voice.tell(List.of(told.get()), refusal, call.arguments());
    call.id().ifPresent(id -> voice.say(HubMessage.Completion.of(id, RawJson.NULL)));
  }

  private void done(Call call, RawJson result) {
    voice.tell(call.method().method().tells(), result, call.arguments());
    call.id()
        .ifPresent(id -> voice.say(HubMessage.Completion.of(
            id,
            call.method()
                .method()
                .answer()
                .map(value -> seen(value, result, call))
                .orElse(RawJson.NULL))));
  }

  private RawJson seen(HubValue value, RawJson data, Call call) {
    return value.equals(HubValue.data())
        ? data
        : HubValues.value(value, voice.scope(data, call.arguments()));
  }

  /** One command. */
  private final class Commanding implements Answer {
    private final Call call;

    Commanding(Call call) {
      this.call = call;
    }

    private void isAnswered() {
      if (commands-- == maxCommands) {
        goOn();
      }
    }

    @Override
    public void onReply(RawJson result, Effects effects) {
      isAnswered();
      new Following(call, result).begin(effects);
    }

    @Override
    public void onError(Failure failure) {
      isAnswered();
      refused(call, failure);
    }
  }

  /** What a call does to the topics of its connection, before the client hears that it is done. */
  private final class Following {
    private final Call call;
    private final RawJson result;

    /** Changes under way, and one more until all have begun. */
    private int left = 1;

    private Optional<Failure> failed = Optional.empty();

    /** What they bring goes on behind what the call is answered. */
    private final List<String> joined = new ArrayList<>(0);

    Following(Call call, RawJson result) {
      this.call = call;
      this.result = result;
    }

    void begin(Effects effects) {
      effects
          .subscribe()
          .forEach((topic, at) ->
              hear(topic.name(), Optional.of(new StreamPosition(at.epoch(), at.offset()))));
      call.method()
          .method()
          .subscribes()
          .forEach(template -> topic(template).ifPresent(topic -> hear(topic, Optional.empty())));
      effects.unsubscribe().forEach(topic -> leave(topic.name()));
      call.method()
          .method()
          .unsubscribes()
          .forEach(template -> topic(template).ifPresent(this::leave));
      isOneLess(Optional.empty());
    }

    private Optional<String> topic(String template) {
      return HubBinding.topic(template, voice.caller().user(), call.arguments());
    }

    private void hear(String topic, Optional<StreamPosition> since) {
      left++;
      joined.add(topic);
      voice.hold(topic);
      topics.subscribe(topic, since, this::isOneLess);
    }

    private void leave(String topic) {
      left++;
      topics.unsubscribe(topic, () -> isOneLess(Optional.empty()));
    }

    private void isOneLess(Optional<Failure> failure) {
      if (failed.isEmpty()) {
        failed = failure;
      }
      if (--left > 0) {
        return;
      }
      // What was done and is not heard would be a loss that nobody is told of.
      failed.ifPresentOrElse(why -> refused(call, why), () -> done(call, result));
      if (!joined.isEmpty()) {
        voice.release(joined);
      }
    }
  }

  /** One stream to the client. */
  private final class Streaming implements Answer {
    private final Call call;
    private final String id;

    /** Of the request at the gateway. */
    private long ref;

    /** Items since more were asked for. */
    private int taken;

    private boolean hasBegun;

    Streaming(Call call, String id) {
      this.call = call;
      this.id = id;
    }

    @Override
    public void onItem(RawJson item) {
      hasBegun = true;
      taken++;
      RawJson said =
          call.method().method().answer().map(value -> seen(value, item, call)).orElse(item);
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
      fail(
          call.id(),
          hasBegun ? HubErrors.ofStream(failure) : HubErrors.ofCall(call.target(), failure));
    }
  }

  /** One stream from the client. */
  private final class Uploading implements Answer {
    private final Call call;
    private final String stream;
    private final Deque<RawJson> waiting = new ArrayDeque<>();
    private int waitingBytes;

    /** Of the request at the gateway. */
    private long ref;

    /** Items that the service takes now. */
    private int credit;

    /** Whether the client said that there are no more. */
    private boolean isWhole;

    private boolean isPaused;

    Uploading(Call call, String stream) {
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
            call.target(),
            Failure.of(ErrorCode.TOO_LARGE, "The stream comes faster than it is taken.")));
      } else if (waiting.size() > MAX_WAITING_ITEMS && !isPaused) {
        isPaused = true;
        pause();
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
      fail(call.id(), error);
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
        goOn();
      }
      if (isWhole && waiting.isEmpty()) {
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
        goOn();
      }
    }

    @Override
    public void onMore(int items) {
      credit += items;
      passOn();
    }

    @Override
    public void onItem(RawJson item) {
      voice.tell(call.method().method().progress(), item, call.arguments());
    }

    @Override
    public void onReply(RawJson result, Effects effects) {
      over();
      new Following(call, result).begin(effects);
    }

    @Override
    public void onError(Failure failure) {
      over();
      refused(call, failure);
    }
  }
}
