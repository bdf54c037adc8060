/**
 * The command line: which verb starts what. Everything that runs is in the rooms below.
 *
 * <p>May import: java, io.madang.distribution, io.madang.runtime.config.
 */
package io.madang.distribution;
