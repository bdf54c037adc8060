package io.madang.runtime.bus;

/**
 * A message with what shows that a node of the mesh sent it, to whom, and that it comes for the first time.
 *
 * @param target id of the node it is for
 * @param from id of the node that sent it
 * @param number of all that node ever sent, from 1 on
 */
record SealedMessage(String target, String from, long number, BusMessage message) {}
