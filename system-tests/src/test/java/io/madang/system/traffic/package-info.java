/**
 * Load on a mesh that may lose parts meanwhile, and the account of what each client was told against what was committed. The
 * checker and the accounts know no mesh.
 *
 * <p>May import: java, io.madang.client, io.madang.protocol, io.madang.testkit, org.junit.jupiter, org.assertj.
 */
package io.madang.system.traffic;
