package io.madang.gateway.limit.redis;

import io.madang.gateway.limit.ShareStore;
import io.madang.gateway.limit.UserShares;
import io.madang.runtime.redis.RedisLink;
import io.madang.runtime.redis.RedisScript;
import io.vertx.core.Future;
import java.util.List;

/**
 * One bucket per user in Redis, filled by Redis's own clock, that all gateways draw from. A bucket is forgotten when it would be
 * full again. Safe on any event loop.
 */
public final class RedisShares implements ShareStore {
  private static final RedisScript DRAW = RedisScript.beside(RedisShares.class, "draw.lua");
  private static final String KEY_PREFIX = "madang:gateway:rate:";

  private final RedisLink redis;
  private final UserShares.Rate rate;

  /** @param redis started and closed by who made it */
  public RedisShares(RedisLink redis, UserShares.Rate rate) {
    this.redis = redis;
    this.rate = rate;
  }

  @Override
  public boolean isUp() {
    return redis.isUp();
  }

  @Override
  public Future<Drawn> draw(String user, int owed, int wanted) {
    return redis
        .run(
            DRAW, List.of(KEY_PREFIX + user), List.of(rate.perSecond(), rate.burst(), owed, wanted))
        .map(answer -> new Drawn(answer.get(0).toInteger(), answer.get(1).toLong()));
  }
}
