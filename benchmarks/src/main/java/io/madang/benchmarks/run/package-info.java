/**
 * One run: its mesh and its generator, the load that warms up and is measured, what it cost and what was heard.
 *
 * <p>May import: java, org.HdrHistogram, io.vertx.core.json, io.madang.benchmarks.measure, io.madang.benchmarks.product, io.madang.benchmarks.report.
 */
package io.madang.benchmarks.run;
