package io.madang.runtime.mesh.ask;

/** A service failed on a question in a way that is its own mistake; its log has the cause. */
public final class ServiceBrokenException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ServiceBrokenException(String message) {
    super(message, null, false, false);
  }
}
