package io.madang.gateway.identity.account;

import java.security.SecureRandom;

/**
 * Makes ids that nobody can guess or choose: {@code u_…} for accounts, {@code g_…} for guests, {@code s_…} for sessions,
 * {@code t_…} for tokens, each with 128 random bits. No name can take these forms. May be used on any thread.
 */
public final class UserIds {
  /** Digits and letters without i, l, o and u: read aloud without mistakes, and no words. */
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

  private static final int CHARACTERS = 26;

  private final SecureRandom random;

  public UserIds(SecureRandom random) {
    this.random = random;
  }

  public String account() {
    return next("u_");
  }

  public String guest() {
    return next("g_");
  }

  public String session() {
    return next("s_");
  }

  public String token() {
    return next("t_");
  }

  /** What parts two guests who asked for the same name: a dash and digits. */
  public String nameSuffix(int digits) {
    StringBuilder suffix = new StringBuilder("-");
    for (int i = 0; i < digits; i++) {
      suffix.append((char) ('0' + random.nextInt(10)));
    }
    return suffix.toString();
  }

  private String next(String prefix) {
    StringBuilder id = new StringBuilder(prefix);
    for (int i = 0; i < CHARACTERS; i++) {
      id.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return id.toString();
  }
}
