/**
 * What runs showed: named figures, the table people read, the file that is kept, the picture of latencies, and the bars that
 * the product is held to.
 *
 * <p>May import: java, org.HdrHistogram, io.vertx.core.json.
 */
package io.madang.benchmarks.report;
