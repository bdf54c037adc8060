package io.madang.gateway.edge.sockjs.session;

import io.madang.gateway.identity.Credential;
import java.util.Optional;

/**
 * Who opened a session.
 *
 * @param offered what the request said of who sends it
 * @param address the client's
 */
public record Opening(Optional<Credential> offered, String address) {

  /** As a transport is opened whose answers any page can read. */
  public Opening withoutCookie() {
    return new Opening(
        offered.filter(credential -> !(credential instanceof Credential.Cookie)), address);
  }
}
