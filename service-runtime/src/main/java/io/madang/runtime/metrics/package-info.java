/**
 * What this process counts, in the two forms it is read: Prometheus text, and JSON for other nodes.
 *
 * <p>May import: java, com.sun.management, io.micrometer, io.madang.runtime.topic.
 */
package io.madang.runtime.metrics;
