package io.madang.runtime.bus;

/**
 * Where a command stands among those that must be begun in order. A node begins it only as the next of its chain, so that one
 * that was lost on the way is never overtaken.
 *
 * @param queue number of the queue, unique for the node that asks
 * @param chain what was sent to one node one behind the other; of two chains of a queue the one with the larger number counts
 * @param index in the chain, from 0 on
 */
public record Place(long queue, long chain, int index) {}
