/**
 * What Madang bears and what its parts cost. Here is the command: its arguments, the loads of a whole session, the bars.
 *
 * <p>May import: java, io.madang.benchmarks.product, io.madang.benchmarks.report, io.madang.benchmarks.run, io.madang.benchmarks.scenario.
 */
package io.madang.benchmarks;
