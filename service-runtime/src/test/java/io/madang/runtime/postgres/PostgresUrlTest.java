package io.madang.runtime.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.runtime.postgres.PostgresUrl.Tls;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PostgresUrlTest {

  @Test
  void names_every_part() {
    PostgresUrl url = PostgresUrl.parse(
        "postgresql://madang:s%40cret+%ED%95%9C@db.example:6543/chat?sslmode=verify-full");

    assertThat(url)
        .isEqualTo(
            new PostgresUrl("db.example", 6543, "chat", "madang", "s@cret+한", Tls.VERIFY_FULL));
  }

  @Test
  void has_the_usual_port_and_prefers_encryption() {
    PostgresUrl url = PostgresUrl.parse("postgres://madang@db/chat");

    assertThat(url).isEqualTo(new PostgresUrl("db", 5432, "chat", "madang", "", Tls.PREFER));
  }

  @Test
  void prints_no_password() {
    PostgresUrl url = PostgresUrl.parse("postgresql://madang:s3cret@db/chat");

    assertThat(url.toString()).isEqualTo("postgresql://madang:***@db:5432/chat?sslmode=prefer");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          db:5432                                       | does not begin with
          mysql://madang:s3cret@db/chat                 | does not begin with
          postgresql://db/chat                          | no user
          postgresql://madang:s3cret@db                 | no database
          postgresql://madang:s3cret@db/a/b             | more than one
          postgresql://madang:s3cret@db/chat?ssl=true   | not ssl
          postgresql://madang:s3cret@db/chat?sslmode=no | not no
          postgresql://madang:s3cret#@db/chat           | no host
          postgresql://madang:s3cret %@db/chat          | need escaping
          postgresql://madang:s3cret@/chat              | no host
          postgresql://madang:s3cret@db:99999/chat      | must look like
          """)
  void says_what_is_wrong_without_the_password(String text, String said) {
    assertThatThrownBy(() -> PostgresUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must look like postgresql://user:password@host:5432/database")
        .hasMessageContaining(said)
        .hasMessageNotContaining("s3cret")
        .hasNoCause();
  }
}
