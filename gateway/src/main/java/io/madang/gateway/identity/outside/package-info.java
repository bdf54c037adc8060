/**
 * Tokens of an issuer that is not ours: whose keys count, how they are fetched, and who a token says it is.
 *
 * <p>May import: java, io.vertx.core, io.vertx.ext.auth, org.slf4j, io.madang.runtime.config, io.madang.gateway.identity,
 * io.madang.gateway.identity.account, io.madang.gateway.identity.token, io.madang.gateway.identity.outside.
 */
package io.madang.gateway.identity.outside;
