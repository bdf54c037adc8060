package io.madang.contracts.presence;

/**
 * A user who is in a room, as the others there see it.
 *
 * @param person who it is
 * @param status never {@link Status#INVISIBLE}
 * @param text what the user says of it; empty for nothing
 */
public record Present(Person person, Status status, String text) {
  public Present {
    if (status == Status.INVISIBLE) {
      throw new IllegalArgumentException("nobody sees who is invisible");
    }
  }
}
