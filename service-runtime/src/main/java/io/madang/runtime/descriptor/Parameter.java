package io.madang.runtime.descriptor;

import io.madang.runtime.topic.Payload;
import java.util.Optional;

/**
 * One argument of a command.
 *
 * @param name camelCase
 * @param type what JSON value it takes, with its limits
 * @param required whether a call without it is refused
 * @param defaultValue what a call without it means; absent when it just stays away
 */
public record Parameter(
    String name, ParameterType type, boolean required, Optional<Payload> defaultValue) {

  public static Parameter required(String name, ParameterType type) {
    return new Parameter(name, type, true, Optional.empty());
  }

  public static Parameter optional(String name, ParameterType type) {
    return new Parameter(name, type, false, Optional.empty());
  }

  public static Parameter optional(String name, ParameterType type, String defaultJson) {
    return new Parameter(name, type, false, Optional.of(Payload.ofJson(defaultJson)));
  }
}
