package io.madang.stores;

/** The data directory has a living owner; the message says which process that is. */
public final class DataDirectoryInUseException extends StoreStartException {
  private static final long serialVersionUID = 1L;

  DataDirectoryInUseException(String message) {
    super(message);
  }
}
