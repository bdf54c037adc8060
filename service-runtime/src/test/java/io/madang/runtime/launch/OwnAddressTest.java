package io.madang.runtime.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class OwnAddressTest {
  /** Of a block kept for documentation: nobody has it. */
  private static final String OF_NOBODY = "203.0.113.1";

  @Test
  void is_the_one_that_was_written() {
    assertThat(OwnAddress.of("127.0.0.1")).isEqualTo("127.0.0.1");
  }

  @Test
  void is_found_behind_a_name() {
    assertThat(OwnAddress.of("localhost")).isEqualTo("127.0.0.1");
  }

  @Test
  void is_that_of_this_machine_where_all_members_share_a_name() throws UnknownHostException {
    assertThat(OwnAddress.choose("nodes.mesh", addresses(OF_NOBODY, "127.0.0.1", "203.0.113.2")))
        .isEqualTo("127.0.0.1");
  }

  @Test
  void is_not_one_of_another_machine() {
    assertThatThrownBy(() -> OwnAddress.of(OF_NOBODY))
        .isInstanceOf(ProcessStartException.class)
        .hasMessage(
            "MADANG_CLUSTER_HOST is 203.0.113.1, which is not an address of this machine; set it to one that is");
  }

  @Test
  void is_not_behind_a_name_of_other_machines_which_are_told() {
    assertThatThrownBy(() -> OwnAddress.choose("nodes.mesh", addresses(OF_NOBODY, "203.0.113.2")))
        .isInstanceOf(ProcessStartException.class)
        .hasMessage(
            "MADANG_CLUSTER_HOST is nodes.mesh, which is not an address of this machine (203.0.113.1, 203.0.113.2); set it to one that is");
  }

  @Test
  void is_not_every_address_as_nobody_could_reach_that() {
    assertThatThrownBy(() -> OwnAddress.of("0.0.0.0"))
        .isInstanceOf(ProcessStartException.class)
        .hasMessage(
            "MADANG_CLUSTER_HOST is 0.0.0.0, at which no other node can reach this one; set it to one address of this machine");
  }

  @Test
  void is_not_behind_a_name_that_nobody_knows() {
    assertThatThrownBy(() -> OwnAddress.of("nowhere.invalid"))
        .isInstanceOf(ProcessStartException.class)
        .hasMessage(
            "MADANG_CLUSTER_HOST is nowhere.invalid, which is no host name or address known here; set it to an address of this machine");
  }

  private static InetAddress[] addresses(String... written) throws UnknownHostException {
    InetAddress[] addresses = new InetAddress[written.length];
    for (int i = 0; i < written.length; i++) {
      addresses[i] = InetAddress.getByName(written[i]);
    }
    return addresses;
  }
}
