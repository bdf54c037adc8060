/**
 * What must be the same for every gateway, in PostgreSQL's schema {@code identity}: accounts, sign-ins, tickets, allowances
 * and signing keys. One statement per call, no transaction held open, every call bounded in time.
 *
 * <p>May import: java, io.vertx.core, io.vertx.sqlclient, io.madang.gateway.identity.Principal,
 * io.madang.gateway.identity.account, io.madang.gateway.identity.token.
 */
package io.madang.gateway.identity.postgres;
