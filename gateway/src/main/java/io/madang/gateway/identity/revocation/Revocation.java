package io.madang.gateway.identity.revocation;

import io.madang.gateway.identity.Principal;
import java.time.Instant;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * One entry of the log: this does not count any more.
 *
 * @param id of the user or of the session
 * @param notBefore of a user, what was issued up to then does not count; of a session nothing does
 * @param until what it is about has ended by itself by then, and the entry can be forgotten
 */
public record Revocation(Kind kind, String id, Instant notBefore, Instant until) {
  /** What is revoked. */
  public enum Kind {
    /** Everything a user holds up to a moment; who may sign in again is let in with what is issued later. */
    USER,
    /** One sign-in, for good: a clock that is ahead must not save its tokens. */
    SESSION;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Kind> of(String word) {
      return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
    }
  }

  public Revocation {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(notBefore, "notBefore");
    Objects.requireNonNull(until, "until");
  }

  public static Revocation ofUser(String user, Instant now, Instant until) {
    return new Revocation(Kind.USER, user, now, until);
  }

  public static Revocation ofSession(String session, Instant now, Instant until) {
    return new Revocation(Kind.SESSION, session, now, until);
  }

  /** Whether this principal counts no more. */
  public boolean concerns(Principal principal) {
    return switch (kind) {
      case USER -> id.equals(principal.userId()) && !principal.issuedAt().isAfter(notBefore);
      case SESSION -> id.equals(principal.session());
    };
  }
}
