/**
 * Real stores for tests: containers where an engine answers, else child processes.
 *
 * <p>May import: java.
 */
package io.madang.testkit;
