/**
 * What every process of the mesh stands on.
 *
 * <p>May import: java.
 */
package io.madang.runtime;
