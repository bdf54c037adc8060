/**
 * The frames clients and gateways exchange, their codes and their JSON codec.
 *
 * <p>May import: java.
 */
package io.madang.protocol;
