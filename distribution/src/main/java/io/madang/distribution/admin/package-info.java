/**
 * Looking into a mesh that runs, from the command line: what was asked, which process is asked, and how its answer reads.
 *
 * <p>May import: java, io.vertx.core.json, io.madang.distribution, io.madang.runtime.config, io.madang.runtime.inspect.
 */
package io.madang.distribution.admin;
