package io.madang.gateway.edge.sockjs;

/** The same of pages at two gateways, each new connection at the other one than the last. */
class SockJsPagesBehindABalancerTest extends SockJsPagesTest {
  @Override
  int gateways() {
    return 2;
  }
}
