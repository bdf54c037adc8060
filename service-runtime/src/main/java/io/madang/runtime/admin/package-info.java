/**
 * The page at which an operator looks into the mesh: who may, what may be asked, and the answer.
 *
 * <p>May import: java, io.vertx.core, org.slf4j, io.madang.runtime.config, io.madang.runtime.inspect, io.madang.runtime.mesh, io.madang.runtime.topic.
 */
package io.madang.runtime.admin;
