package io.madang.benchmarks.micro;

import io.madang.protocol.codec.BadFrameException;
import io.madang.protocol.codec.FrameCodec;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Place;
import io.madang.protocol.frame.ServerFrame.Publication;
import io.madang.protocol.json.RawJson;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A chat message as the frame clients get: encoded once per gateway and publication, decoded by each Java client. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class PublicationFrameBenchmark {
  private final FrameCodec codec = new FrameCodec();
  private final Publication publication = new Publication(
      "room:dev",
      Optional.of(new Place("b1946ac92492d234.7412.1", 1_234_567, 1_234_566)),
      "message",
      Optional.empty(),
      Optional.of("3f1c2b9e-7d55-4c9a-9b8e-0a4d2f6e1c77"),
      Instant.parse("2026-01-01T12:00:00.123Z"),
      RawJson.trusted("{\"id\":\"01J0\",\"user\":{\"id\":\"u-17\",\"name\":\"mina\"},"
          + "\"text\":\"Shall we meet in the courtyard at noon, all of us?\"}"));
  private final byte[] encoded = codec.encode(publication);

  @Benchmark
  public byte[] encode() {
    return codec.encode(publication);
  }

  @Benchmark
  public ServerFrame decode() throws BadFrameException {
    return codec.decodeServerFrame(encoded);
  }
}
