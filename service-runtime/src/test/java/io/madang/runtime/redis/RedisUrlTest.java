package io.madang.runtime.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RedisUrlTest {

  @Test
  void names_every_part() {
    assertThat(RedisUrl.parse("rediss://app:s%40cret+@cache.example:6380/3"))
        .isEqualTo(new RedisUrl(true, "cache.example", 6380, "app", "s@cret+", 3));
  }

  @Test
  void needs_no_more_than_a_host() {
    assertThat(RedisUrl.parse("redis://cache"))
        .isEqualTo(new RedisUrl(false, "cache", 6379, "", "", 0));
    assertThat(RedisUrl.parse("redis://:s3cret@cache/"))
        .isEqualTo(new RedisUrl(false, "cache", 6379, "", "s3cret", 0));
  }

  @Test
  void prints_no_password() {
    assertThat(RedisUrl.parse("redis://:s3cret@cache/2").toString())
        .isEqualTo("redis://:***@cache:6379/2");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          cache:6379                | does not begin with
          http://:s3cret@cache      | does not begin with
          redis://s3cret@cache      | colon before the password
          redis://:s3cret@cache/x   | the database x
          redis://:s3cret@cache/-1  | must look like
          redis://:s3cret@cache?db=1 | nothing may follow
          redis://:s3cret %@cache   | need escaping
          redis://:s3cret@          | must look like
          """)
  void says_what_is_wrong_without_the_password(String text, String said) {
    assertThatThrownBy(() -> RedisUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must look like redis://:password@host:6379/0")
        .hasMessageContaining(said)
        .hasMessageNotContaining("s3cret");
  }
}
