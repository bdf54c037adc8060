/**
 * Tokens as values: access tokens that verify without asking anyone (JWT, ES256), and random ones that are stored hashed.
 * No I/O, no clock.
 *
 * <p>May import: java, com.fasterxml.jackson.core, org.bouncycastle.crypto, io.madang.runtime.config.
 */
package io.madang.gateway.identity.token;
