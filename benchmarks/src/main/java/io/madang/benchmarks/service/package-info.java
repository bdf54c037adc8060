/**
 * A service that is no part of the product, built on the public service runtime alone: the worked example of
 * docs/WRITE-A-SERVICE.md, and what shows that gateways offer a service they never heard of.
 *
 * <p>May import: java, io.vertx.core, io.madang.runtime.command, io.madang.runtime.config, io.madang.runtime.descriptor, io.madang.runtime.launch, io.madang.runtime.service, io.madang.runtime.topic.
 */
package io.madang.benchmarks.service;
