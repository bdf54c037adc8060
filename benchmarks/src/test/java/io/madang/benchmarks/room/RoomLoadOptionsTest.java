package io.madang.benchmarks.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.benchmarks.room.RoomLoadOptions.BadArgumentsException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class RoomLoadOptionsTest {
  @Test
  void defaults_are_as_documented() throws BadArgumentsException {
    assertThat(RoomLoadOptions.parse())
        .isEqualTo(new RoomLoadOptions(
            200,
            200,
            64,
            64,
            Duration.ofSeconds(3),
            Duration.ofSeconds(10),
            Path.of("distribution/target/madang"),
            Path.of("benchmarks/results")));
  }

  @Test
  void every_argument_is_read() throws BadArgumentsException {
    String arguments = "--sockets 5 --rate 0 --in-flight 7 --text-bytes 8 --warm-up-s 0 --seconds 2"
        + " --product built --results kept";

    assertThat(RoomLoadOptions.parse(arguments.split(" ", -1)))
        .isEqualTo(new RoomLoadOptions(
            5, 0, 7, 8, Duration.ZERO, Duration.ofSeconds(2), Path.of("built"), Path.of("kept")));
  }

  @Test
  void all_that_is_wrong_is_said_at_once() {
    String arguments = "--sockets many --rate -1 --colour blue --seconds 0 --seconds 3 --rate";

    assertThatThrownBy(() -> RoomLoadOptions.parse(arguments.split(" ", -1)))
        .isInstanceOf(BadArgumentsException.class)
        .hasMessageContaining("There is no argument --colour.")
        .hasMessageContaining("--seconds is given twice.")
        .hasMessageContaining("--rate needs a value.")
        .hasMessageContaining("--sockets is a whole number from 1 to 20000, unlike many.")
        .hasMessageContaining("--rate is a whole number from 0 to 100000, unlike -1.");
  }
}
