/**
 * The mesh as several processes on one machine: which ones, their ports, and one supervisor that starts, watches and stops them.
 *
 * <p>May import: java, org.slf4j, io.madang.distribution, io.madang.runtime.config, io.madang.runtime.launch.
 */
package io.madang.distribution.cluster;
