package io.madang.contracts.chat;

/**
 * Somebody as others see them.
 *
 * @param id of the account or guest
 * @param name shown
 * @param guest whether no account stands behind the name
 * @param unverified whether the name was given with the message and may be anybody's
 */
public record Person(String id, String name, boolean guest, boolean unverified) {}
