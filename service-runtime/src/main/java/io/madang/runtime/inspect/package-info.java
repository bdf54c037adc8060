/**
 * What a mesh that lives can tell of itself: what each node is asked, what it answers, and how all answers read together. Plain
 * objects.
 *
 * <p>May import: java, io.vertx.core.json, io.madang.runtime.membership, io.madang.runtime.topic.
 */
package io.madang.runtime.inspect;
