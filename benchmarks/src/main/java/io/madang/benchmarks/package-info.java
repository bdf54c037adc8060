/**
 * Load and micro benchmarks.
 *
 * <p>May import: java.
 */
package io.madang.benchmarks;
