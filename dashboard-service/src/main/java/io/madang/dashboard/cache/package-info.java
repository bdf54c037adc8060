/**
 * What was costly to make and may be some minutes old. Knows no clock.
 *
 * <p>May import: java.
 */
package io.madang.dashboard.cache;
