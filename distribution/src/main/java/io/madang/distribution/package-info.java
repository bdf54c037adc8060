/**
 * The roles of a process, its launcher and its layout.
 *
 * <p>May import: java.
 */
package io.madang.distribution;
