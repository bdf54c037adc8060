/**
 * The rules of the house as tests: which module sees which, what a package says of itself, and what our code never does.
 *
 * <p>May import: java, javax.xml.parsers, org.w3c.dom, com.tngtech.archunit, org.junit.jupiter, org.assertj.
 */
package io.madang.architecture;
