package io.madang.runtime.topic;

import java.util.Optional;

/**
 * One thing put into a topic, immutable, the same for all who hear it.
 *
 * <p>Ordering: a positioned publication is delivered to a reader whose last offset is at least {@code previous} and below
 * {@code offset}; one that finds a lower last offset shows a hole, one that finds a higher was delivered already.
 *
 * @param topic where it was put
 * @param eventClass whether it may be dropped or replaced
 * @param event its name, camelCase ({@code message})
 * @param position the topic's position with it; absent exactly when it is ephemeral
 * @param previous offset of the positioned publication before it; 0 when there is none or it is ephemeral
 * @param timeMillis when its owner accepted it, milliseconds since 1970 by the owner's store
 * @param key of a state event: what it is the newest value of
 * @param command id of the command that caused it, so that its sender knows its own
 * @param revokes whose subscriptions end with it
 * @param except of an ephemeral event: the connection that does not hear it
 * @param data what it says
 */
public record Publication(
    Topic topic,
    EventClass eventClass,
    String event,
    Optional<StreamPosition> position,
    long previous,
    long timeMillis,
    Optional<String> key,
    Optional<String> command,
    Optional<Revocation> revokes,
    Optional<String> except,
    Payload data) {

  public Publication {
    if (position.isEmpty() != (eventClass == EventClass.EPHEMERAL)) {
      throw new IllegalArgumentException(
          "exactly the ephemeral events have no position: " + topic + " " + event);
    }
    if (position.isPresent() && previous >= position.get().offset()) {
      throw new IllegalArgumentException(
          "an offset is above the one before it: " + topic + " " + position.get());
    }
  }

  /** A kept event; {@code previous} is the offset of the positioned publication before it. */
  public static Publication log(
      Topic topic,
      String event,
      StreamPosition position,
      long previous,
      long timeMillis,
      Payload data) {
    return new Publication(
        topic,
        EventClass.LOG,
        event,
        Optional.of(position),
        previous,
        timeMillis,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        data);
  }

  /** The newest value of {@code key}. */
  public static Publication state(
      Topic topic,
      String event,
      String key,
      StreamPosition position,
      long previous,
      long timeMillis,
      Payload data) {
    return new Publication(
        topic,
        EventClass.STATE,
        event,
        Optional.of(position),
        previous,
        timeMillis,
        Optional.of(key),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        data);
  }

  /** An event that is worth something only now. */
  public static Publication ephemeral(Topic topic, String event, long timeMillis, Payload data) {
    return new Publication(
        topic,
        EventClass.EPHEMERAL,
        event,
        Optional.empty(),
        0,
        timeMillis,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        data);
  }

  public Publication causedBy(String commandId) {
    return new Publication(
        topic,
        eventClass,
        event,
        position,
        previous,
        timeMillis,
        key,
        Optional.of(commandId),
        revokes,
        except,
        data);
  }

  public Publication revoking(Revocation revocation) {
    return new Publication(
        topic,
        eventClass,
        event,
        position,
        previous,
        timeMillis,
        key,
        command,
        Optional.of(revocation),
        except,
        data);
  }

  public Publication except(String connection) {
    return new Publication(
        topic,
        eventClass,
        event,
        position,
        previous,
        timeMillis,
        key,
        command,
        revokes,
        Optional.of(connection),
        data);
  }

  /** The same, said to follow {@code previousOffset}, as what lay between was replaced by it or by one before it. */
  public Publication following(long previousOffset) {
    return new Publication(
        topic,
        eventClass,
        event,
        position,
        previousOffset,
        timeMillis,
        key,
        command,
        revokes,
        except,
        data);
  }

  /** Offset of a positioned publication, 0 of an ephemeral one. */
  public long offset() {
    return position.map(StreamPosition::offset).orElse(0L);
  }
}
