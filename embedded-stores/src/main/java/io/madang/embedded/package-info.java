/**
 * PostgreSQL and Redis as child processes of one JVM.
 *
 * <p>May import: java.
 */
package io.madang.embedded;
