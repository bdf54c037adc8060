/**
 * What services accept, answer and announce.
 *
 * <p>May import: java.
 */
package io.madang.contracts;
