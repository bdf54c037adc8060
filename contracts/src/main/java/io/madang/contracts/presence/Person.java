package io.madang.contracts.presence;

/**
 * A user whom others see.
 *
 * @param id of the account or guest
 * @param name what others see
 * @param guest whether the name is vouched for by nobody
 */
public record Person(String id, String name, boolean guest) {}
