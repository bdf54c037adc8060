package io.madang.gateway.edge.relay;

import io.madang.runtime.topic.Payload;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;

/**
 * A way between gateways on which every word is lost when it is said for the first time. By chance, or by their number, so many in a
 * row could be lost that a gateway is given up.
 */
public final class LostAtFirst implements BiPredicate<String, Payload> {
  private final Map<String, Set<ByteBuffer>> said = new ConcurrentHashMap<>();

  @Override
  public boolean test(String to, Payload word) {
    return !said.computeIfAbsent(to, first -> ConcurrentHashMap.newKeySet())
        .add(ByteBuffer.wrap(word.utf8()));
  }
}
