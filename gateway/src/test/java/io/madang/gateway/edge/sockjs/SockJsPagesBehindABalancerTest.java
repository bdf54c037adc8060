package io.madang.gateway.edge.sockjs;

import java.io.IOException;
import org.junit.jupiter.api.Tag;

/** The same of pages at two gateways behind an nginx that sends each request to the other one than the last. */
@Tag("slow")
class SockJsPagesBehindABalancerTest extends SockJsPagesTest {
  @Override
  EchoServices begin() throws IOException {
    return EchoServices.behindABalancer();
  }
}
