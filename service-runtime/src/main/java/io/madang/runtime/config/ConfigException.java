package io.madang.runtime.config;

import java.util.List;

/** The settings cannot be used; the message has one line per problem, each saying the setting and what to do. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ConfigException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems), null, false, false);
  }
}
