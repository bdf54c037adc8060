package io.madang.gateway.edge.signalr.talk;

import io.madang.gateway.connection.Surroundings;
import io.madang.gateway.edge.signalr.meaning.HubSpeeches;
import io.madang.gateway.edge.signalr.session.HubLink;
import io.madang.gateway.edge.signalr.session.HubOpening;
import io.madang.gateway.edge.signalr.session.HubSpeech;
import io.madang.gateway.edge.signalr.wire.HubFormat;
import io.madang.gateway.edge.signalr.wire.HubHandshake;
import io.madang.gateway.edge.signalr.wire.HubMessage;
import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.protocol.frame.ServerFrame;
import io.madang.runtime.topic.Topic;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the client of one hub connection is told, in what it speaks: messages, and what its topics bring, which waits while it is to
 * hear something else first. Owns what waits so. On the connection's loop.
 */
final class HubOutgoing implements HubAsked.Unasked {
  private static final Logger LOG = LoggerFactory.getLogger(HubOutgoing.class);

  private final HubLink link;
  private final HubOpening opening;
  private final HubPlace place;
  private final Surroundings around;
  private final HubCourse course;
  private final HubGoodbye goodbye;
  private final HubHeld held = new HubHeld();

  /** Of the messages; set by the handshake. */
  private HubFormat format = HubFormat.JSON;

  /** How publications are said; set by the handshake, null before. */
  private HubSpeech speech;

  HubOutgoing(
      HubLink link, HubOpening opening, HubPlace place, HubCourse course, HubGoodbye goodbye) {
    this.link = link;
    this.opening = opening;
    this.place = place;
    this.around = place.around();
    this.course = course;
    this.goodbye = goodbye;
  }

  void speaks(HubFormat agreed) {
    format = agreed;
    speech = place.speeches().of(opening.hub().name(), agreed);
  }

  boolean isBinary() {
    return format.isBinary();
  }

  // Messages.

  /** Answers the handshake. */
  void accept(boolean isNumbered) {
    link.speaksBytes(format.isBinary());
    put(HubHandshake.accepted());
    if (isNumbered) {
      link.numbered(format);
    }
  }

  void say(HubMessage message) {
    byte[] said = format.write(message);
    if (message.isNumbered()) {
      put(said, 1);
    } else {
      put(said);
    }
  }

  private void put(byte[] bytes) {
    around.meters().messageOut(bytes.length);
    link.send(bytes);
  }

  private void put(byte[] bytes, int count) {
    around.meters().messageOut(bytes.length);
    link.send(bytes, count);
  }

  // What nobody asked for.

  /** Only what topics bring with their answers comes so. */
  @Override
  public void on(ServerFrame.Publication frame) {
    tell(frame);
  }

  @Override
  public void on(ServerFrame.Gap frame) {
    LOG.info(
        "Connection {} missed publications of {}, which hubs have no word for",
        opening.connectionId(),
        frame.topic());
  }

  @Override
  public void on(ServerFrame.Unsubscribed frame) {
    frame
        .reason()
        .ifPresent(reason -> LOG.debug(
            "Connection {} hears no more of {}: {}",
            opening.connectionId(),
            frame.topic(),
            reason));
  }

  @Override
  public void on(ServerFrame.Disconnect frame) {
    if (!goodbye.isNeeded()) {
      return;
    }
    if (course.isAccepted()) {
      link.sayAll();
      say(goodbye.close(frame));
    } else if (course.isUnanswered()) {
      put(goodbye.refusal());
    }
  }

  // Publications.

  void tell(SharedPublication publication) {
    String topic = publication.publication().topic().name();
    if (held.holds(topic)) {
      held.add(topic, publication.publication().data().bytes(), () -> put(publication));
    } else {
      put(publication);
    }
  }

  private void put(SharedPublication publication) {
    if (course.isOpen()) {
      around.meters().messageOut(link.send(publication, speech));
    }
  }

  boolean tellTogether(Bundle bundle) {
    if (!course.isOpen() || held.holds(bundle.topic().name())) {
      return false;
    }
    place.counts().publicationsOut(bundle.size(), link.send(bundle, speech));
    return true;
  }

  /** What a topic brought with its answer, which this client alone hears. */
  void tellRecovered(ServerFrame.TopicState state) {
    for (ServerFrame.Publication each : state.publications()) {
      if (held.holds(state.topic())) {
        held.add(state.topic(), each.data().length(), () -> tell(each));
      } else {
        tell(each);
      }
    }
  }

  private void tell(ServerFrame.Publication publication) {
    byte[] said = HubSpeeches.publication(
        place.speeches().shown(opening.hub()),
        format,
        Topic.parse(publication.topic()),
        publication.event(),
        publication.time(),
        publication.data().utf8());
    if (said.length > 0) {
      put(said, format.count(said));
    }
  }

  // What waits.

  void hold(String topic) {
    held.hold(topic);
  }

  void release(Collection<String> topics) {
    held.release(topics);
  }

  /** What nothing else holds is told, now and from now on. */
  void releaseAll() {
    held.releaseAll();
  }

  /** All of it is told, whatever holds it. */
  void giveUp() {
    held.giveUp();
  }

  /** Nobody is to hear it any more. */
  void drop() {
    held.drop();
  }

  /** Bytes that the network has not taken, and about how many wait here. */
  long queuedBytes() {
    return link.queuedBytes() + held.bytes();
  }
}
