package io.madang.gateway.edge.sockjs;

/** The same of sessions and HTTP transports at two gateways, each new connection at the other one than the last. */
class SockJsSessionsBehindABalancerTest extends SockJsSessionsTest {
  @Override
  int gateways() {
    return 2;
  }
}
