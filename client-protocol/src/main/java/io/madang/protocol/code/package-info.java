/**
 * Why a request failed and why a connection was closed, with what the client may do about it.
 *
 * <p>May import: java, io.madang.protocol.code.
 */
package io.madang.protocol.code;
