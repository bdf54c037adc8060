/**
 * What clients send in many pieces: each is counted and hashed as it comes, and none is kept.
 *
 * <p>May import: java, com.fasterxml.jackson, io.madang.contracts.dashboard, io.madang.runtime.command, io.madang.runtime.service,
 * io.madang.runtime.topic.
 */
package io.madang.dashboard.processing;
