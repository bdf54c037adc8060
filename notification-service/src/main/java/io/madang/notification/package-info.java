/**
 * What a user should know and has not yet seen.
 *
 * <p>May import: java.
 */
package io.madang.notification;
