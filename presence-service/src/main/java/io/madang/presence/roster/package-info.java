/**
 * What a gateway's news mean: which of its connections changed, and how. Plain values, no store, no clock, no Vert.x.
 *
 * <p>May import: java, io.madang.runtime.service, io.madang.runtime.topic.
 */
package io.madang.presence.roster;
