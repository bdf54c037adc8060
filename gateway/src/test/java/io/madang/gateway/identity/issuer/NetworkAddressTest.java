package io.madang.gateway.identity.issuer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class NetworkAddressTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1,               192.0.2.1",
    "::ffff:192.0.2.1,        192.0.2.1",
    "2001:db8:1:2:3:4:5:6,    2001:db8:1:2::/64",
    "2001:0DB8:0001:2::6,     2001:db8:1:2::/64",
    "2001:db8::6,             2001:db8:0:0::/64",
    "::1,                     0:0:0:0::/64",
    "fe80::1%eth0,            fe80:0:0:0::/64",
    "2001:db8:1:2::,          2001:db8:1:2::/64",
    "unknown,                 unknown"
  })
  void is_one_for_a_household(String address, String network) {
    assertThat(NetworkAddress.of(address)).isEqualTo(network);
  }
}
