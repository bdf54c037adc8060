/**
 * Everything that makes no sense, brought to every door of the real product.
 *
 * <p>May import: java, io.madang.protocol, io.madang.system, io.madang.testkit, org.junit.jupiter, org.assertj, org.awaitility.
 */
package io.madang.system.garbage;
