package io.madang.benchmarks.micro;

import io.madang.runtime.bus.BusCodec;
import io.madang.runtime.bus.BusMessage;
import io.madang.runtime.bus.BusSeal;
import io.madang.runtime.config.Secret;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What a service publishes in one turn, on its way from node to node: one bus message per interested gateway. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BusBatchBenchmark {
  /** Publications in the batch. */
  @Param({"1", "64"})
  public int publications;

  private final BusCodec codec = new BusCodec(true);
  private BusMessage batch;
  private final BusSeal seal = new BusSeal(new Secret("what the nodes of a mesh share"), "madang");
  private Buffer encoded;
  private byte[] body;
  private byte[] mac;

  @Setup
  public void prepare() {
    List<Publication> published =
        LongStream.rangeClosed(1, publications).mapToObj(this::publication).toList();
    batch = new BusMessage.Batch("chat-1.5f0c", "chat", 1, 1, 1, published, Map.of(), false);
    encoded = encode();
    body = encoded.getBytes();
    mac = seal();
  }

  private Publication publication(long offset) {
    return Publication.log(
            Topic.parse("room:dev"),
            "message",
            new StreamPosition("b1946ac92492d234.7412.1", offset),
            offset - 1,
            1_767_268_800_123L,
            Payload.ofJson("{\"id\":\"01J0\",\"user\":{\"id\":\"u-17\",\"name\":\"mina\"},"
                + "\"text\":\"Shall we meet in the courtyard at noon, all of us?\"}"))
        .causedBy("3f1c2b9e-7d55-4c9a-9b8e-0a4d2f6e1c77");
  }

  @Benchmark
  public Buffer encode() {
    Buffer buffer = Buffer.buffer();
    codec.encodeToWire(buffer, batch);
    return buffer;
  }

  /** What the sender adds where a secret is set; the receiver does the same once more. */
  @Benchmark
  public byte[] seal() {
    return seal.macOf("gateway-1.5f0c", body);
  }

  @Benchmark
  public boolean isSealed() {
    return seal.isRight(mac, "gateway-1.5f0c", body);
  }

  @Benchmark
  public BusMessage decode() {
    return codec.decodeFromWire(0, encoded);
  }
}
