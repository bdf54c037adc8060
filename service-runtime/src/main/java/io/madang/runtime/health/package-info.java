/**
 * Whether this process lives and is ready, and the two pages that tell it.
 *
 * <p>May import: java, io.vertx.core, io.micrometer, org.slf4j.
 */
package io.madang.runtime.health;
