/**
 * What is put on the product, one class for each way: what it starts, what it sends, what it measures.
 *
 * <p>May import: java, io.madang.benchmarks.measure, io.madang.benchmarks.product, io.madang.benchmarks.report, io.madang.benchmarks.run.
 */
package io.madang.benchmarks.scenario;
