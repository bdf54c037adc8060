/**
 * The live numbers of the mesh: the service that owns {@code metric:<name>} and {@code dashboard}.
 *
 * <p>May import: java, org.slf4j, com.fasterxml.jackson, io.vertx.core, io.madang.contracts.dashboard, io.madang.dashboard, io.madang.runtime.
 */
package io.madang.dashboard;
