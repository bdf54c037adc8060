package io.madang.gateway.edge.signalr.call;

import io.madang.gateway.edge.signalr.meaning.HubBinding;
import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.command.Effects;
import io.madang.runtime.service.ClientAnswer;
import io.madang.runtime.service.ClientQuestion;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What one client calls at its hub and what it is asked itself, until each is completed. What is said of ids that are not known is
 * ignored: over some transports messages overtake each other. On the connection's loop.
 */
public final class HubCalls {
  /** Commands that are under way before nothing more is taken from the client. */
  static final int MAX_COMMANDS = 64;

  /** What a message weighs beside what it carries, while it waits. */
  private static final int MESSAGE_BYTES = 128;

  private final HubVoice voice;
  private final HubReading reading;
  private final HubCompletions completions;
  private final HubDownloads downloads;
  private final HubUploads uploads;
  private final HubAsks asks;
  private final int maxCommands;

  /** Commands that are not answered yet. */
  private int commands;

  /**
   * How much may be under way.
   *
   * @param maxPending requests of the connection at its gateway
   * @param maxAsks questions of services that the client may have before it at the same time; more fail at once
   * @param maxAskBytes of the target and arguments of one of those as JSON; a larger one fails at once
   */
  public record Limits(int maxPending, int maxAsks, int maxAskBytes) {}

  public HubCalls(HubVoice voice, HubTopics topics, Limits limits) {
    this.voice = voice;
    this.reading = new HubReading(voice);
    this.completions = new HubCompletions(voice, topics);
    this.downloads = new HubDownloads(voice, completions);
    this.uploads = new HubUploads(voice, reading, completions);
    this.asks = new HubAsks(voice, reading, limits, uploads::has);
    // Room is left for what streams and topics ask.
    this.maxCommands = Math.max(1, Math.min(MAX_COMMANDS, limits.maxPending() / 2));
  }

  // What the client says.

  /** Done at once, or when the client may call again; the client is told what became of it. */
  public void invoke(HubMessage.Invocation message) {
    take(
        message.arguments(),
        () -> call(message.id(), message.target(), message.arguments(), message.streams(), false));
  }

  /** As {@link #invoke}, for items until they end. */
  public void stream(HubMessage.StreamInvocation message) {
    take(message.arguments(), () -> {
      if (downloads.isCancelledEarly(message.id())) {
        voice.say(HubMessage.Completion.of(message.id()));
        return;
      }
      call(
          Optional.of(message.id()),
          message.target(),
          message.arguments(),
          message.streams(),
          true);
    });
  }

  /** The client wants no more of a stream, which may not be known yet. */
  public void cancel(HubMessage.CancelInvocation message) {
    take(RawJson.NULL, () -> downloads.cancel(message.id()));
  }

  /** The next item of a stream of the client's. */
  public void item(HubMessage.StreamItem message) {
    take(message.item(), () -> uploads.item(message.id(), message.item()));
  }

  /** A stream of the client's is over, or it answers what it was asked. */
  public void complete(HubMessage.Completion message) {
    if (!asks.complete(message)) {
      take(RawJson.NULL, () -> uploads.end(message.id(), message.error().isPresent()));
    }
  }

  private void take(RawJson carried, Runnable message) {
    reading.take(message, carried.length() + MESSAGE_BYTES);
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
      if (voice.mayAsk(
          failure -> completions.failed(id, HubErrors.ofUnboundCall(target, failure)))) {
        completions.failed(id, unfit.error());
      }
      return;
    }
    HubBinding.Fit fit = (HubBinding.Fit) bound;
    HubCall call = new HubCall(id, target, fit.method(), fit.arguments());
    switch (call.shown().kind()) {
      case COMMAND -> command(call);
      case STREAM -> downloads.begin(call);
      case UPLOAD -> upload(call, clientStreams.get(0));
    }
  }

  private void upload(HubCall call, String stream) {
    if (uploads.has(stream) || asks.has(stream)) {
      completions.failed(call.id(), HubErrors.idInUse(stream));
    } else {
      uploads.begin(call, stream);
    }
  }

  private void command(HubCall call) {
    if (++commands == maxCommands) {
      reading.pause();
    }
    voice.ask(
        ref ->
            new ClientFrame.Command(ref, call.service(), call.asks(), Optional.empty(), call.raw()),
        new Commanding(call));
  }

  // What else happens.

  /** Whether the client has not answered all that services asked it. */
  public boolean isAsking() {
    return asks.isOpen();
  }

  /** A service asks the client something. */
  public void ask(ClientQuestion question, Consumer<ClientAnswer> told) {
    asks.ask(question, told);
  }

  /** The network took something. */
  public void onWritten() {
    downloads.onWritten();
  }

  /** The connection is over. */
  public void end() {
    asks.end();
  }

  /** One command. */
  private final class Commanding implements Answer {
    private final HubCall call;

    Commanding(HubCall call) {
      this.call = call;
    }

    private void isAnswered() {
      if (commands-- == maxCommands) {
        reading.goOn();
      }
    }

    @Override
    public void onReply(RawJson result, Effects effects) {
      isAnswered();
      completions.done(call, result, effects);
    }

    @Override
    public void onError(Failure failure) {
      isAnswered();
      completions.refused(call, failure);
    }
  }
}
