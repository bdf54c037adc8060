package io.madang.contracts.presence;

/**
 * A user whom others see.
 *
 * @param id of the account or guest
 * @param name what others see
 * @param guest whether the name is vouched for by nobody
 * @param status never {@link Status#INVISIBLE}
 * @param text what the user says of it; empty for nothing
 */
public record Person(String id, String name, boolean guest, Status status, String text) {
  public Person {
    if (status == Status.INVISIBLE) {
      throw new IllegalArgumentException("nobody sees who is invisible");
    }
  }
}
