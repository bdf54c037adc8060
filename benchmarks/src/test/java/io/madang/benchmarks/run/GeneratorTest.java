package io.madang.benchmarks.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.benchmarks.product.Children;
import io.madang.benchmarks.report.Figures;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Generators of real processes and sockets, against the plainest of servers. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class GeneratorTest {
  private static final int SENDERS = 1;
  private static final int HEARERS = 9;
  private static final int MESSAGES = 50;
  private static final Duration QUIET = Duration.ofSeconds(1);

  private Children children;
  private Path nobody;
  private int port;

  @BeforeEach
  void startServer() throws IOException {
    children = Children.begin();
    nobody = Files.createFile(children.directory().resolve("people"));
    port = children.freePort();
    Process server = children.startTalking(
        "server",
        List.of(
            Path.of(System.getProperty("java.home"), "bin/java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "io.madang.benchmarks.baseline.WriteEachServer",
            Integer.toString(port)));
    String said = new BufferedReader(
            new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))
        .readLine();
    assertThat(said).as(children.lastWords()).isEqualTo("ready");
  }

  @AfterEach
  void endAll() {
    children.close();
  }

  private GeneratorReport reportOf(Generator generator) throws IOException {
    generator.open(Generator.Crowd.of(Measuring.SENDING, "write-each", SENDERS, port));
    generator.open(Generator.Crowd.of(Measuring.HEARING, "write-each", HEARERS, port));
    generator.phase(Measuring.MEASURED);
    generator.send(Measuring.SENDING, "bench", 1, LoadOptions.usual().withRate(MESSAGES), 1);
    Stage.pause(Duration.ofSeconds(1));
    generator.settle(QUIET);
    return generator.report();
  }

  private static void assertAllHeard(GeneratorReport report) {
    GeneratorReport.Phase measured = report.phase(Measuring.MEASURED);
    assertThat(measured.accepted()).isEqualTo(MESSAGES);
    assertThat(measured.deliveries(Measuring.HEARING)).isEqualTo(MESSAGES * HEARERS);
    assertThat(measured.deliveries(Measuring.SENDING)).isEqualTo(MESSAGES * SENDERS);
    Figures figures = new Figures();
    report.judge(figures);
    assertThat(figures.failures()).isEmpty();
  }

  @Test
  @Tag("slow")
  void one_process_hears_everything_its_clients_are_sent() throws IOException {
    Generator generator = Generator.start(children, nobody);

    assertAllHeard(reportOf(generator));
    assertThat(generator.pids()).hasSize(1);
  }

  @Test
  @Tag("slow")
  void several_processes_hear_together_what_one_would() throws IOException {
    Generator generator = Generator.start(children, nobody, 4);

    assertAllHeard(reportOf(generator));
    assertThat(generator.pids()).hasSize(3);
  }
}
