package io.madang.benchmarks.room;

import java.util.BitSet;
import java.util.Collection;

/**
 * What all connections together heard.
 *
 * @param accepted messages whose sender got a result
 * @param failed messages whose sender got none
 * @param deliveries of the load's messages, over all connections, each counted once
 * @param lost accepted messages not heard, over all connections
 * @param doubled publications heard again
 * @param reordered publications heard after a later one
 * @param holes publications before which something was missing when they came
 * @param differing publications whose content differs between connections at one offset
 */
record Verdict(
    int accepted,
    int failed,
    long deliveries,
    long lost,
    long doubled,
    long reordered,
    long holes,
    long differing) {

  static Verdict of(Collection<DeliveryCheck> checks, BitSet accepted, int failed, long differing) {
    return new Verdict(
        accepted.cardinality(),
        failed,
        checks.stream().mapToLong(DeliveryCheck::heardMessages).sum(),
        checks.stream().mapToLong(check -> check.lost(accepted)).sum(),
        checks.stream().mapToLong(DeliveryCheck::doubled).sum(),
        checks.stream().mapToLong(DeliveryCheck::reordered).sum(),
        checks.stream().mapToLong(DeliveryCheck::holes).sum(),
        differing);
  }

  boolean isClean() {
    return failed == 0
        && accepted > 0
        && lost == 0
        && doubled == 0
        && reordered == 0
        && holes == 0
        && differing == 0;
  }

  String inWords(int connections) {
    return isClean()
        ? "Verified: each of %d accepted messages came to each of %d connections once, in one order, its prev the offset before it."
            .formatted(accepted, connections)
        : "NOT AS PROMISED: %d lost, %d doubled, %d reordered, %d holes, %d differing, %d not accepted."
            .formatted(lost, doubled, reordered, holes, differing, failed);
  }
}
