package io.madang.gateway.edge.sockjs;

/** The same of WebSockets at two gateways, each new connection at the other one than the last. */
class SockJsSocketsBehindABalancerTest extends SockJsSocketsTest {
  @Override
  int gateways() {
    return 2;
  }
}
