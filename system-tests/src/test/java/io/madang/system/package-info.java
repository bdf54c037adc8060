/**
 * The promises of the whole mesh, one file each, kept by real processes with real stores and clients.
 *
 * <p>May import: java, io.madang.client, io.madang.protocol, io.madang.distribution.process, io.madang.runtime.config, io.madang.runtime.health, io.madang.testkit, io.madang.system.fuzz, io.madang.system.hubs, io.madang.system.signalr, io.madang.system.traffic, org.junit.jupiter, org.assertj, org.awaitility, com.microsoft.playwright, com.google.gson, io.kubernetes, org.yaml.snakeyaml.
 */
package io.madang.system;
