package io.madang.presence.store;

import io.madang.runtime.redis.RedisScript;

/**
 * The scripts, each a file of {@code /redis/} with the shared part before it. Their keys are built inside, from a tag that
 * is passed as the key: which keys a change touches (a user's rooms, say) is known only there, and all share the tag's slot.
 */
final class PresenceScripts {
  static final RedisScript OBSERVE = script("observe");
  static final RedisScript RETELL = script("retell");
  static final RedisScript SWEEP = script("sweep");
  static final RedisScript FLUSH = script("flush");
  static final RedisScript STATUS = script("status");
  static final RedisScript DEVICES = script("devices");
  static final RedisScript SEEN = script("seen");
  static final RedisScript READ = script("read");

  private PresenceScripts() {}

  private static RedisScript script(String file) {
    return RedisScript.of(source("presence") + source(file));
  }

  private static String source(String file) {
    return RedisScript.beside(PresenceScripts.class, "/redis/" + file + ".lua").source();
  }
}
