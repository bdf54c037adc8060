/**
 * How a service shows itself to clients that speak of hubs: plain records, checked where they are made, and their JSON.
 *
 * <p>May import: java, com.fasterxml.jackson, io.madang.runtime.topic.
 */
package io.madang.runtime.descriptor.hub;
