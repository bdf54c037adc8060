/**
 * What no longer counts though its signature is good: sign-ins that were ended, and people who were shut out. One log for the
 * mesh, one copy of it per event loop.
 *
 * <p>May import: java, com.fasterxml.jackson.core, io.vertx.core, org.slf4j, io.madang.gateway.identity,
 * io.madang.gateway.identity.revocation, io.madang.runtime.topic.Payload.
 */
package io.madang.gateway.identity.revocation;
