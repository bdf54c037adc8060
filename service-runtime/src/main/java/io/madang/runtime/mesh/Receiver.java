package io.madang.runtime.mesh;

import io.madang.runtime.bus.BusMessage;
import io.madang.runtime.bus.BusMessage.Answer;
import io.madang.runtime.bus.BusMessage.Ask;
import io.madang.runtime.bus.BusMessage.Batch;
import io.madang.runtime.bus.BusMessage.BatchTaken;
import io.madang.runtime.bus.BusMessage.Beat;
import io.madang.runtime.bus.BusMessage.Interest;
import io.madang.runtime.bus.BusMessage.InterestTaken;
import io.madang.runtime.bus.BusMessage.InterestWanted;
import io.madang.runtime.bus.BusMessage.Note;
import io.madang.runtime.bus.BusMessage.Relayed;
import io.madang.runtime.bus.BusMessage.StreamControl;
import io.madang.runtime.bus.BusMessage.StreamEnd;
import io.madang.runtime.bus.BusMessage.StreamItem;
import io.madang.runtime.bus.BusMessage.StreamOpen;
import io.madang.runtime.bus.BusMessage.UploadCredit;
import io.madang.runtime.bus.BusMessage.UploadDone;
import io.madang.runtime.bus.BusMessage.UploadEnd;
import io.madang.runtime.bus.BusMessage.UploadItem;
import io.madang.runtime.bus.BusMessage.UploadOpen;
import io.madang.runtime.bus.BusMessage.UploadProgress;
import io.madang.runtime.mesh.ask.RoutingClient;

/** Hands each message of the bus to whom it is for: a hosted service, the gateway, or whoever asked. On the mesh loop. */
final class Receiver implements BusMessage.Handler {
  private final Neighbourhood neighbourhood;
  private final Introductions introductions;
  private final HostedServices hosted;
  private final NodeAnswers answers;
  private final RoutingClient client;
  private final GatewayLink gatewayLink;
  private final BatchIntake batches;
  private final Endpoints endpoints;

  Receiver(
      Neighbourhood neighbourhood,
      Introductions introductions,
      HostedServices hosted,
      NodeAnswers answers,
      RoutingClient client,
      GatewayLink gatewayLink,
      BatchIntake batches,
      Endpoints endpoints) {
    this.neighbourhood = neighbourhood;
    this.introductions = introductions;
    this.hosted = hosted;
    this.answers = answers;
    this.client = client;
    this.gatewayLink = gatewayLink;
    this.batches = batches;
    this.endpoints = endpoints;
  }

  // Between nodes.

  @Override
  public void on(Beat message) {
    neighbourhood.onBeat(message);
    introductions.onBeat(message);
    message
        .interest()
        .forEach(digest ->
            hosted.tell(digest.service(), host -> host.onDigest(message.from().id(), digest)));
  }

  @Override
  public void on(Relayed message) {
    endpoints.onRelayed(message.from(), message.word());
  }

  @Override
  public void on(Note message) {
    endpoints.onNote(message.subject(), message.body());
  }

  // Topics.

  @Override
  public void on(Interest message) {
    hosted.tell(message.service(), host -> host.onInterest(message));
  }

  @Override
  public void on(InterestTaken message) {
    gatewayLink.onTaken(message);
  }

  @Override
  public void on(InterestWanted message) {
    gatewayLink.onWanted(message);
  }

  @Override
  public void on(Batch message) {
    batches.on(message);
  }

  @Override
  public void on(BatchTaken message) {
    hosted.tellAlsoLeaving(message.service(), host -> host.onBatchTaken(message));
  }

  // Questions.

  @Override
  public void on(Ask message) {
    answers.on(message);
  }

  @Override
  public void on(Answer message) {
    client.onAnswer(message);
  }

  // Streams.

  @Override
  public void on(StreamOpen message) {
    hosted.tell(message.service(), host -> host.onStreamOpen(message));
  }

  @Override
  public void on(StreamControl message) {
    hosted.tell(message.service(), host -> host.onStreamControl(message));
  }

  @Override
  public void on(StreamItem message) {
    client.onStreamItem(message);
  }

  @Override
  public void on(StreamEnd message) {
    client.onStreamEnd(message);
  }

  // Uploads.

  @Override
  public void on(UploadOpen message) {
    answers.on(message);
  }

  @Override
  public void on(UploadItem message) {
    hosted.tell(message.service(), host -> host.onUploadItem(message));
  }

  @Override
  public void on(UploadEnd message) {
    hosted.tell(message.service(), host -> host.onUploadEnd(message));
  }

  @Override
  public void on(UploadCredit message) {
    client.uploads().onCredit(message);
  }

  @Override
  public void on(UploadProgress message) {
    client.uploads().onProgress(message);
  }

  @Override
  public void on(UploadDone message) {
    client.uploads().onDone(message);
  }
}
