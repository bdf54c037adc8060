package io.madang.gateway.edge.sockjs;

import java.io.IOException;
import org.junit.jupiter.api.Tag;

/** The same of WebSockets at two gateways behind an nginx that sends each request to the other one than the last. */
@Tag("slow")
class SockJsSocketsBehindABalancerTest extends SockJsSocketsTest {
  @Override
  EchoServices begin() throws IOException {
    return EchoServices.behindABalancer();
  }

  /** The balancer names it, so that only the version is missing. */
  @Override
  int withAnUpgradeThatTheConnectionDoesNotName() {
    return 426;
  }
}
