package io.madang.gateway.edge.sockjs;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Tag;

/** The same of sessions and HTTP transports at two gateways behind an nginx that sends each request to the other one than the last. */
@Tag("slow")
class SockJsSessionsBehindABalancerTest extends SockJsSessionsTest {
  @Override
  EchoServices begin() throws IOException {
    return EchoServices.behindABalancer();
  }

  @Override
  Optional<String> wordToProxies(String word) {
    return Optional.empty();
  }
}
