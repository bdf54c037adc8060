package io.madang.distribution.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayNameGeneration(ReplaceUnderscores.class)
class LeftoversTest {
  private static final Duration PATIENCE = Duration.ofMillis(200);

  @TempDir
  private Path data;

  private Process process;
  private Path file;

  @BeforeEach
  void start() throws IOException {
    file = Files.createDirectory(data.resolve("run")).resolve("cluster");
    // Ends with its standard input, which is ours, and not sooner.
    process = new ProcessBuilder("cat").start();
    new Leftovers(data).remember(List.of(process.toHandle()));
  }

  @AfterEach
  void end() {
    process.destroyForcibly();
  }

  private void editFirstLine(String line) throws IOException {
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    lines.set(0, line);
    Files.write(file, lines);
  }

  @Test
  void are_none_while_their_supervisor_lives() throws Exception {
    new Leftovers(data).end(PATIENCE);
    assertThat(process.isAlive()).isTrue();
  }

  @Test
  void are_ended_when_their_supervisor_is_gone_and_they_do_not_end_by_themselves()
      throws Exception {
    editFirstLine("999999999 0");
    new Leftovers(data).end(PATIENCE);
    assertThat(process.isAlive()).isFalse();
  }

  @Test
  void are_not_who_got_the_number_of_one_of_them_later() throws Exception {
    Files.write(file, List.of("999999999 0", process.pid() + " 1"));
    new Leftovers(data).end(PATIENCE);
    assertThat(process.isAlive()).isTrue();
  }

  @Test
  void are_none_where_nothing_readable_was_written() throws Exception {
    Files.writeString(file, "not what we write\n\n1 2 3\n");
    new Leftovers(data).end(PATIENCE);
    Files.delete(file);
    new Leftovers(data).end(PATIENCE);
    assertThat(process.isAlive()).isTrue();
  }
}
