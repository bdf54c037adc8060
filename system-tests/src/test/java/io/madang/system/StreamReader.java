package io.madang.system;

import io.madang.protocol.codec.BadFrameException;
import io.madang.protocol.codec.FrameCodec;
import io.madang.protocol.frame.ServerFrame;
import io.madang.system.traffic.Account;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What somebody heard of an event stream, as accounts of its topics: the data of its events, in order. */
final class StreamReader {
  private static final FrameCodec CODEC = new FrameCodec();

  private StreamReader() {}

  /** @param data of all events, which are frames */
  static List<Account> accounts(String client, List<String> topics, List<String> data) {
    Map<String, Account> accounts = new LinkedHashMap<>();
    topics.forEach(topic -> accounts.put(topic, new Account(client, topic)));
    data.forEach(each -> tell(accounts, each));
    return List.copyOf(accounts.values());
  }

  private static void tell(Map<String, Account> accounts, String data) {
    ServerFrame frame;
    try {
      frame = CODEC.decodeServerFrame(data.getBytes(StandardCharsets.UTF_8));
    } catch (BadFrameException e) {
      throw new AssertionError(data, e);
    }
    if (frame instanceof ServerFrame.Publication publication) {
      accounts.get(publication.topic()).publication(publication);
    } else if (frame instanceof ServerFrame.Subscribed subscribed) {
      if (!subscribed.topic().recovered()) {
        accounts
            .get(subscribed.topic().topic())
            .snapshot(subscribed.topic().position(), subscribed.topic().snapshot());
      }
    } else if (frame instanceof ServerFrame.Gap gap) {
      accounts.get(gap.topic()).gap(gap.from(), gap.to());
    } else if (!(frame instanceof ServerFrame.Disconnect)) {
      throw new AssertionError(data);
    }
  }
}
