/**
 * Hubs as all services together show them, and which signature of a method a call means. Values; safe on any thread.
 *
 * <p>May import: java, io.madang.runtime.descriptor, io.madang.runtime.descriptor.hub.
 */
package io.madang.runtime.hub;
