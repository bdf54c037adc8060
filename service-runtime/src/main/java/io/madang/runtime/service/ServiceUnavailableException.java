package io.madang.runtime.service;

/** No node of a service answered in time; what became of the command is unknown, and its id may be used again. */
public final class ServiceUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ServiceUnavailableException(String message) {
    super(message, null, false, false);
  }
}
