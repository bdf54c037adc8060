/**
 * Who gets in and reads what, tried at every door as everybody.
 *
 * <p>May import: java, io.vertx.core.json, io.madang.system, io.madang.testkit, org.junit.jupiter, org.assertj, org.awaitility.
 */
package io.madang.system.access;
