package io.madang.gateway.identity.revocation.redis;

import io.madang.gateway.identity.revocation.Revocation;
import io.madang.gateway.identity.revocation.RevocationLog;
import io.madang.runtime.redis.RedisLink;
import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One stream of Redis, cut at what has ended. Safe on any event loop. */
public final class RedisRevocations implements RevocationLog {
  static final String KEY = "madang:gateway:revocations";

  /** Read at once; more come with the next page. */
  static final int PAGE = 1_000;

  private final RedisLink redis;
  private final Clock clock;
  private final Duration kept;

  /**
   * @param redis started and closed by who made it
   * @param kept after so long an entry has ended, whatever it is about
   */
  public RedisRevocations(RedisLink redis, Clock clock, Duration kept) {
    this.redis = redis;
    this.clock = clock;
    this.kept = kept;
  }

  @Override
  public Future<Page> after(String place) {
    Request behind = Request.cmd(Command.XRANGE)
        .arg(KEY)
        .arg("(" + place)
        .arg("+")
        .arg("COUNT")
        .arg(PAGE);
    Request newest =
        Request.cmd(Command.XREVRANGE).arg(KEY).arg("+").arg("-").arg("COUNT").arg(1);
    return redis.batch(List.of(behind, newest)).map(answers -> page(place, answers));
  }

  private Page page(String place, List<Response> answers) {
    List<Revocation> revocations = new ArrayList<>();
    String reached = place;
    for (Response entry : answers.get(0)) {
      reached = entry.get(0).toString();
      revocation(entry.get(1)).ifPresent(revocations::add);
    }
    boolean whole = answers.get(0).size() < PAGE;
    return new Page(revocations, reached, whole, isLost(place, answers.get(1)));
  }

  /** A stream from which everything has ended is empty too; so only a place that would still be kept tells a loss. */
  private boolean isLost(String place, Response newest) {
    if (place.equals(BEGINNING) || milliseconds(place) <= oldestKept()) {
      return false;
    }
    return newest.size() == 0 || compare(newest.get(0).get(0).toString(), place) < 0;
  }

  private static int compare(String one, String other) {
    int byTime = Long.compare(milliseconds(one), milliseconds(other));
    return byTime != 0 ? byTime : Long.compare(sequence(one), sequence(other));
  }

  private static long milliseconds(String id) {
    return Long.parseLong(id.substring(0, id.indexOf('-')));
  }

  private static long sequence(String id) {
    return Long.parseLong(id.substring(id.indexOf('-') + 1));
  }

  private long oldestKept() {
    return clock.instant().minus(kept).toEpochMilli();
  }

  /** Empty for an entry of a newer gateway. */
  private static Optional<Revocation> revocation(Response fields) {
    return Revocation.Kind.of(fields.get(1).toString())
        .map(kind -> new Revocation(
            kind,
            fields.get(3).toString(),
            Instant.ofEpochMilli(fields.get(5).toLong()),
            Instant.ofEpochMilli(fields.get(7).toLong())));
  }

  @Override
  public Future<Void> append(List<Revocation> revocations) {
    return redis.batch(revocations.stream().map(this::addition).toList()).mapEmpty();
  }

  private Request addition(Revocation revocation) {
    return Request.cmd(Command.XADD)
        .arg(KEY)
        .arg("MINID")
        .arg("~")
        .arg(oldestKept())
        .arg("*")
        .arg("kind")
        .arg(revocation.kind().word())
        .arg("id")
        .arg(revocation.id())
        .arg("before")
        .arg(revocation.notBefore().toEpochMilli())
        .arg("until")
        .arg(revocation.until().toEpochMilli());
  }
}
