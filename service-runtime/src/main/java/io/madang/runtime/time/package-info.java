/**
 * The clock and the dice of a node, so that a simulated one can have others than the machine's.
 *
 * <p>May import: java.
 */
package io.madang.runtime.time;
