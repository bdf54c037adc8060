/**
 * Our own issuer: registers, signs in, keeps signed in, and tells who shows a credential. One {@link
 * io.madang.gateway.identity.issuer.BuiltInIssuer} per process, one {@link io.madang.gateway.identity.issuer.LoopIssuer} per
 * event loop.
 *
 * <p>May import: java, io.vertx.core, io.vertx.sqlclient.Pool, org.slf4j, io.madang.runtime.config,
 * io.madang.gateway.identity.
 */
package io.madang.gateway.identity.issuer;
