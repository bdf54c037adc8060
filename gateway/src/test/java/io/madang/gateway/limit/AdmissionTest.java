package io.madang.gateway.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.gateway.limit.Admission.TooFast;
import io.madang.gateway.limit.Admission.TooMany;
import io.madang.gateway.limit.Admission.Welcome;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class AdmissionTest {
  private final Admission admission = new Admission(new Admission.Limits(5, 2, 1), 0);

  @Nested
  class An_address {
    @Test
    void has_room_again_when_one_of_its_connections_ends() {
      assertThat(admission.admit("a", 0)).isEqualTo(new Welcome());
      assertThat(admission.admit("a", 0)).isEqualTo(new Welcome());
      assertThat(admission.admit("a", 0)).isEqualTo(new TooMany(2));
      assertThat(admission.admit("b", 0)).isEqualTo(new Welcome());

      admission.release("a");

      assertThat(admission.admit("a", 0)).isEqualTo(new Welcome());
    }

    @Test
    void has_no_more_room_for_what_was_admitted_before_and_that_does_not_use_up_the_rate() {
      for (int i = 0; i < 2; i++) {
        assertThat(admission.hold("a")).isEqualTo(new Welcome());
      }
      assertThat(admission.hold("a")).isEqualTo(new TooMany(2));
      for (int i = 0; i < 100; i++) {
        assertThat(admission.hold("b" + i)).isEqualTo(new Welcome());
      }

      assertThat(admission.admit("c", 0)).isEqualTo(new Welcome());
    }

    @Test
    void that_has_no_room_does_not_use_up_the_rate_of_others() {
      admission.admit("a", 0);
      admission.admit("a", 0);
      for (int i = 0; i < 100; i++) {
        admission.admit("a", 0);
      }

      assertThat(admission.admit("b", 0)).isEqualTo(new Welcome());
    }
  }

  @Nested
  class All_together {
    @Test
    void come_no_faster_than_the_rate() {
      for (int i = 0; i < 5; i++) {
        assertThat(admission.admit("a" + i, 0)).isEqualTo(new Welcome());
      }

      assertThat(admission.admit("b", 0)).isEqualTo(new TooFast(200));
      assertThat(admission.admit("b", 200)).isEqualTo(new Welcome());
    }
  }

  @Nested
  class A_user {
    @Test
    void has_room_again_when_a_connection_ends() {
      assertThat(admission.admitUser("u")).isEqualTo(new Welcome());
      assertThat(admission.admitUser("u")).isEqualTo(new TooMany(1));

      admission.releaseUser("u");

      assertThat(admission.admitUser("u")).isEqualTo(new Welcome());
    }
  }

  @Nested
  class Requests_without_a_connection {
    @Test
    void have_a_rate_per_user() {
      UserRates rates = new UserRates(1, 1);

      assertThat(rates.take("u", 0)).isZero();
      assertThat(rates.take("u", 0)).isEqualTo(1_000);
      assertThat(rates.take("v", 0)).isZero();
    }

    @Test
    void are_counted_for_so_many_users_only() {
      UserRates rates = new UserRates(1, 1);
      for (int user = 0; user <= UserRates.MAX_USERS; user++) {
        rates.take("u" + user, 0);
      }

      assertThat(rates.take("u" + UserRates.MAX_USERS, 0)).isPositive();
      assertThat(rates.take("u0", 0)).isZero();
    }
  }

  @Nested
  class The_address_a_request_counts_for {
    private final ClientAddress addresses =
        new ClientAddress(List.of(AddressRange.parse("10.0.0.0/8"), AddressRange.parse("fd00::1")));

    @ParameterizedTest
    @CsvSource({
      "203.0.113.9, 198.51.100.1, 203.0.113.9",
      "10.1.2.3, 198.51.100.1, 198.51.100.1",
      "10.1.2.3, '6.6.6.6, 198.51.100.1', 198.51.100.1",
      "10.1.2.3, '198.51.100.1, 10.9.9.9', 198.51.100.1",
      "10.1.2.3, '10.9.9.9', 10.1.2.3",
      "10.1.2.3, '', 10.1.2.3",
      "10.1.2.3, unknown, unknown",
      "fd00::1, 2001:db8::7, 2001:db8::7",
    })
    void is_the_last_one_that_is_not_a_trusted_proxy(
        String peer, String forwarded, String expected) {
      assertThat(addresses.of(peer, List.of(forwarded))).isEqualTo(expected);
    }
  }

  @Nested
  class A_range {
    @ParameterizedTest
    @CsvSource({
      "10.0.0.0/8, 10.255.0.1, true",
      "10.0.0.0/8, 11.0.0.1, false",
      "192.168.1.128/25, 192.168.1.129, true",
      "192.168.1.128/25, 192.168.1.1, false",
      "0.0.0.0/0, 8.8.8.8, true",
      "0.0.0.0/0, ::1, false",
      "127.0.0.1, 127.0.0.1, true",
      "::1, 0:0:0:0:0:0:0:1, true",
      "127.0.0.1, localhost, false",
    })
    void holds_what_begins_with_its_bits(String range, String address, boolean holds) {
      assertThat(AddressRange.parse(range).contains(address)).isEqualTo(holds);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "localhost",
          "10.0.0.0/33",
          "10.0.0.0/x",
          "10.0.0.0/",
          "::1/129",
          "10.0.0/8/8",
          "example.org"
        })
    void is_written_as_an_address_and_a_length(String text) {
      assertThatThrownBy(() -> AddressRange.parse(text))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("must ");
    }
  }
}
