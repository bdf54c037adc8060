package io.madang.gateway.edge.signalr.call;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.madang.gateway.edge.signalr.meaning.HubBinding;
import io.madang.gateway.edge.signalr.meaning.HubValues;
import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.command.Effects;
import io.madang.runtime.descriptor.hub.CallerEvent;
import io.madang.runtime.descriptor.hub.HubRefusal;
import io.madang.runtime.descriptor.hub.HubValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells a client what became of its calls. A call without an id is never completed. On the connection's loop. */
final class HubCompletions {
  private final HubVoice voice;
  private final HubTopics topics;

  HubCompletions(HubVoice voice, HubTopics topics) {
    this.voice = voice;
    this.topics = topics;
  }

  void failed(Optional<String> id, String error) {
    id.ifPresent(known -> voice.say(HubMessage.Completion.failed(known, error)));
  }

  void failed(HubCall call, Failure failure) {
    failed(call.id(), HubErrors.ofCall(call, voice.caller(), failure));
  }

  /** The service says no, which a listener may be for. */
  void refused(HubCall call, Failure failure) {
    Optional<CallerEvent> told = call.shown().refusals().stream()
        .filter(each -> each.matches(failure.code()))
        .map(HubRefusal::event)
        .findFirst();
    if (told.isEmpty()) {
      failed(call, failure);
      return;
    }
    RawJson refusal = HubValues.raw(JsonNodeFactory.instance
        .objectNode()
        .put("code", failure.code())
        .put("message", failure.message()));
    voice.tell(List.of(told.get()), refusal, call.arguments());
    call.id().ifPresent(id -> voice.say(HubMessage.Completion.of(id, RawJson.NULL)));
  }

  /** It is done, but for what it does to the topics of its connection; the client hears so when that is as well. */
  void done(HubCall call, RawJson result, Effects effects) {
    new Following(call, result).begin(effects);
  }

  private void done(HubCall call, RawJson result) {
    voice.tell(call.shown().tells(), result, call.arguments());
    call.id()
        .ifPresent(id -> voice.say(HubMessage.Completion.of(
            id,
            call.shown().answer().map(value -> seen(value, result, call)).orElse(RawJson.NULL))));
  }

  /** A result or an item as the hub's clients see it. */
  RawJson seen(HubValue value, RawJson data, HubCall call) {
    return value.equals(HubValue.data())
        ? data
        : HubValues.value(value, voice.scope(data, call.arguments()));
  }

  /** What a call does to the topics of its connection, before the client hears that it is done. */
  private final class Following {
    private final HubCall call;
    private final RawJson result;

    /** Changes under way, and one more until all have begun. */
    private int left = 1;

    private Optional<Failure> failed = Optional.empty();

    /** What they bring goes on behind what the call is answered. */
    private final List<String> joined = new ArrayList<>(0);

    Following(HubCall call, RawJson result) {
      this.call = call;
      this.result = result;
    }

    void begin(Effects effects) {
      effects
          .subscribe()
          .forEach((topic, at) ->
              hear(topic.name(), Optional.of(new StreamPosition(at.epoch(), at.offset()))));
      call.shown()
          .subscribes()
          .forEach(template -> topic(template).ifPresent(topic -> hear(topic, Optional.empty())));
      effects.unsubscribe().forEach(topic -> leave(topic.name()));
      call.shown().unsubscribes().forEach(template -> topic(template).ifPresent(this::leave));
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
}
