/**
 * Which nodes are in the mesh, what they run, whether they answer and what follows from that: which of them is for a key, what their
 * clocks show, because of whom positions are compared. Plain objects that are told the time.
 *
 * <p>May import: java.
 */
package io.madang.runtime.membership;
