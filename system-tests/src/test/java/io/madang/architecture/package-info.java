/**
 * The rules of the house as tests: which module sees which, what a package says of itself, what our code never does, and that
 * the pages of the documentation are true.
 *
 * <p>May import: java, javax.xml.parsers, org.w3c.dom, com.tngtech.archunit, org.junit.jupiter, org.assertj,
 * io.madang.protocol, io.madang.distribution.process.
 */
package io.madang.architecture;
