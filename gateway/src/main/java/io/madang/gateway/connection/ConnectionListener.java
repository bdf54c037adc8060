package io.madang.gateway.connection;

/** Hears which connections there are, on their event loop. */
public interface ConnectionListener {

  /** Somebody is signed in on it; {@link Connection#caller()} says who. */
  void onSignedIn(Connection connection);

  /** It is no more; comes for every connection, signed in or not, exactly once. */
  void onGone(Connection connection);
}
