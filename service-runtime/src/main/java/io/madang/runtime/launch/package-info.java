/**
 * Starts and stops one process of the mesh: settings, Vert.x, cluster, roles, health; in this order, and back.
 *
 * <p>May import: java, io.vertx, com.hazelcast, io.micrometer, org.slf4j, io.madang.runtime.
 */
package io.madang.runtime.launch;
