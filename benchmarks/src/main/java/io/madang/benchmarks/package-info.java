/**
 * What Madang bears and what its parts cost: a load on the whole product, and micro benchmarks of what lies on a message's
 * path.
 *
 * <p>May import: java.
 */
package io.madang.benchmarks;
