package io.madang.gateway.edge.sse.wire;

import io.madang.protocol.frame.ClientFrame;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where one stream stands in each of its topics, as the id of an event says it. A client names only the last id it had, so each
 * id names the positions of all topics:
 *
 * <pre>{@code tag:offset:epoch,tag:offset:epoch,…}</pre>
 *
 * <p>A tag stands for a topic's name, and an epoch that is that of the entry before is left out. What a client names of topics that
 * it does not ask for any more counts for nothing, and so does what cannot be read. A plain object; part of its stream.
 */
public final class Positions {
  /** An epoch is some seventy characters. */
  static final int MOST_BYTES_OF_ONE = 128;

  private static final int TAG_CHARS = 8;

  /** Beyond it an id is none of ours. */
  private static final int MAX_CHARS = 16_384;

  /** FNV-1a, 64 bits. */
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;

  private static final long FNV_PRIME = 0x100000001b3L;

  /** In the order in which the stream's topics are named. */
  private final Map<Topic, Optional<StreamPosition>> positions = new LinkedHashMap<>();

  /** At no position in any topic. */
  public Positions(Collection<Topic> topics) {
    topics.forEach(topic -> positions.put(topic, Optional.empty()));
  }

  /** Where a client stands in these topics who names an id; nowhere in those of which it says nothing readable. */
  public static Positions read(Collection<Topic> topics, String id) {
    Positions positions = new Positions(topics);
    if (id.length() <= MAX_CHARS) {
      Map<String, StreamPosition> byTag = byTag(id);
      topics.forEach(topic ->
          Optional.ofNullable(byTag.get(tag(topic))).ifPresent(at -> positions.moveTo(topic, at)));
    }
    return positions;
  }

  private static Map<String, StreamPosition> byTag(String id) {
    Map<String, StreamPosition> byTag = new HashMap<>();
    String epoch = "";
    for (String entry : id.split(",", -1)) {
      String[] parts = entry.strip().split(":", -1);
      if (parts.length != 3) {
        return Map.of();
      }
      epoch = parts[2].isEmpty() ? epoch : decoded(parts[2]);
      OptionalLong offset = offset(parts[1]);
      if (epoch.isEmpty() || epoch.length() > StreamPosition.MAX_EPOCH_CHARS || offset.isEmpty()) {
        return Map.of();
      }
      byTag.put(parts[0], new StreamPosition(epoch, offset.getAsLong()));
    }
    return byTag;
  }

  private static String decoded(String epoch) {
    try {
      return URLDecoder.decode(epoch, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return "";
    }
  }

  private static OptionalLong offset(String text) {
    if (!text.matches("[0-9]{1,16}") || Long.parseLong(text) > ClientFrame.MAX_REF) {
      return OptionalLong.empty();
    }
    return OptionalLong.of(Long.parseLong(text));
  }

  /** The stream's topics, in order. */
  public List<Topic> topics() {
    return new ArrayList<>(positions.keySet());
  }

  /** Whether the stream has one topic and no other, so that the ids of its events say the same in every such stream. */
  public boolean isOfOneTopic() {
    return positions.size() == 1;
  }

  public Optional<StreamPosition> of(Topic topic) {
    return positions.getOrDefault(topic, Optional.empty());
  }

  public void moveTo(Topic topic, StreamPosition position) {
    positions.replace(topic, Optional.of(position));
  }

  /** The stream hears no more of the topic. */
  public void forget(Topic topic) {
    positions.replace(topic, Optional.empty());
  }

  /** The id of an event that is the last a client had; empty while there is no position. */
  public byte[] id() {
    StringBuilder id = new StringBuilder();
    String epoch = "";
    for (Map.Entry<Topic, Optional<StreamPosition>> each : positions.entrySet()) {
      if (each.getValue().isPresent()) {
        if (id.length() > 0) {
          id.append(',');
        }
        append(id, each.getKey(), each.getValue().get(), epoch);
        epoch = each.getValue().get().epoch();
      }
    }
    return ascii(id);
  }

  /** The id of an event of a stream with this topic alone. */
  static byte[] id(Topic topic, StreamPosition position) {
    StringBuilder id = new StringBuilder();
    append(id, topic, position, "");
    return ascii(id);
  }

  private static void append(
      StringBuilder id, Topic topic, StreamPosition position, String epochBefore) {
    id.append(tag(topic)).append(':').append(position.offset()).append(':');
    if (!position.epoch().equals(epochBefore)) {
      id.append(URLEncoder.encode(position.epoch(), StandardCharsets.UTF_8));
    }
  }

  private static byte[] ascii(StringBuilder id) {
    return id.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** Two topics with one tag in one stream are unlikely, and would find that the other's epoch is none of theirs. */
  private static String tag(Topic topic) {
    long hash = FNV_OFFSET;
    for (byte each : topic.name().getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (each & 0xFF)) * FNV_PRIME;
    }
    String text = Long.toUnsignedString(hash, 36);
    return text.length() > TAG_CHARS ? text.substring(text.length() - TAG_CHARS) : text;
  }
}
