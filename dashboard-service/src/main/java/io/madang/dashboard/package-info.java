/**
 * The live numbers of the mesh.
 *
 * <p>May import: java.
 */
package io.madang.dashboard;
