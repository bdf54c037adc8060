package io.madang.protocol.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class CodesTest {

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void error_codes_are_kebab_case_and_found_again(ErrorCode code) {
    assertThat(code.wire()).matches("[a-z]+(-[a-z]+)*");
    assertThat(ErrorCode.fromWire(code.wire())).contains(code);
  }

  @Test
  void the_code_of_a_service_is_none_of_ours() {
    assertThat(ErrorCode.fromWire("room-full")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(CloseCode.class)
  void close_codes_are_found_by_number_and_their_reason_fits_a_close_frame(CloseCode code) {
    assertThat(CloseCode.of(code.code())).contains(code);
    assertThat(code.reason().getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(123);
  }

  @ParameterizedTest
  @CsvSource({
    "1000, false",
    "1001, true",
    "1002, false",
    "1006, true",
    "1009, false",
    "1012, true",
    "1013, true",
    "4000, true",
    "4499, true",
    "4500, false",
    "4999, false",
  })
  void a_client_knows_from_the_number_alone_whether_to_come_back(int code, boolean mayReconnect) {
    assertThat(CloseCode.mayReconnect(code)).isEqualTo(mayReconnect);
  }

  @ParameterizedTest
  @EnumSource(Retry.class)
  void whether_to_try_again_is_found_by_its_word(Retry retry) {
    assertThat(Retry.fromWire(retry.wire())).contains(retry);
  }
}
