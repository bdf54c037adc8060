/**
 * From what processes count to what the dashboard shows, as plain objects: no clock, no bus, no Vert.x.
 *
 * <p>May import: java, com.fasterxml.jackson, io.madang.contracts.dashboard, io.madang.runtime.membership,
 * io.madang.runtime.metrics.
 */
package io.madang.dashboard.metric;
