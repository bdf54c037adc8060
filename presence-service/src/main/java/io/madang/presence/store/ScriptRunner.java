package io.madang.presence.store;

import io.vertx.core.Future;
import io.vertx.redis.client.Response;

/** Runs scripts on Redis, bounded in time. */
public interface ScriptRunner {
  Future<Response> run(PresenceScript script, String key, String... arguments);
}
