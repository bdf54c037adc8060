/**
 * Which nodes are in the mesh, what they run, and whether they answer.
 *
 * <p>May import: java.
 */
package io.madang.runtime.membership;
