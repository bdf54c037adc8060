/**
 * Sign-in over HTTP: the routes under {@code /api/auth}, their cookies, and how a request of any door shows a credential.
 *
 * <p>May import: java, com.fasterxml.jackson.core, io.vertx.core, io.vertx.ext.web, org.slf4j, io.madang.runtime.admin.AdminAction,
 * io.madang.runtime.config,
 * io.madang.gateway.identity.
 */
package io.madang.gateway.identity.http;
