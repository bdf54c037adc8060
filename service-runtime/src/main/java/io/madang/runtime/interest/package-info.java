/**
 * Which gateway wants which topics: the gateway's own set, and what a service node knows of all sets. Plain objects.
 *
 * <p>May import: java, io.madang.runtime.bus, io.madang.runtime.topic.
 */
package io.madang.runtime.interest;
