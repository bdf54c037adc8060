package io.madang.presence.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.util.concurrent.TimeUnit;

/** Interim. */
public final class RedisScripts implements ScriptRunner {
  private final Redis redis;

  public RedisScripts(Vertx vertx, String url) {
    redis = Redis.createClient(vertx, new io.vertx.redis.client.RedisOptions().setConnectionString(url).setMaxPoolWaiting(2000));
  }

  @Override
  public Future<Response> run(PresenceScript script, String key, String... arguments) {
    Request request = Request.cmd(Command.EVAL).arg(script.text()).arg(1).arg(key);
    for (String argument : arguments) {
      request.arg(argument);
    }
    return redis.send(request).timeout(1500, TimeUnit.MILLISECONDS);
  }

  public void close() {
    redis.close();
  }
}
