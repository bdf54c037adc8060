/**
 * What connections are measured by: the clocks of their loop, what each may use, and what is counted of them. Knows no connection.
 *
 * <p>May import: java, io.micrometer, io.madang.protocol.code, io.madang.runtime.metrics.
 */
package io.madang.gateway.connection.measure;
