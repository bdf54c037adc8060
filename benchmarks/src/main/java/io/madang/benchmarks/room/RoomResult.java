package io.madang.benchmarks.room;

import com.fasterxml.jackson.core.JsonGenerator;
import io.madang.protocol.json.JsonText;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What one run showed.
 *
 * @param at when it ended
 * @param messages that were measured
 * @param deliveries of measured messages
 * @param took from the first measured message until the last of their deliveries
 * @param latencies of those deliveries, microseconds
 * @param productCpu processor time of the product's JVM in that time
 * @param storesCpu the same of its PostgreSQL and Redis
 * @param generatorCpu the same of the load tool, on the same machine
 */
record RoomResult(
    Instant at,
    String commit,
    RoomLoadOptions options,
    int messages,
    long deliveries,
    Duration took,
    Histogram latencies,
    Duration productCpu,
    Duration storesCpu,
    Duration generatorCpu,
    Verdict verdict) {

  private double perSecond(long count) {
    return count / (took.toNanos() / 1e9);
  }

  private double millis(double percentile) {
    return latencies.getValueAtPercentile(percentile) / 1e3;
  }

  private double cpuPerMillion() {
    return deliveries == 0 ? 0 : seconds(productCpu) * 1e6 / deliveries;
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  String inWords() {
    return String.format(
        Locale.ROOT,
        """
        %d connections in one room, %s, %.1f s:
          %,.0f deliveries/s of %,.0f messages/s
          latency p50 %.1f ms, p99 %.1f ms, max %.1f ms%s
          product %.2f CPU s per million deliveries (%.1f s; its stores %.1f s, this generator %.1f s)
        %s""",
        options.sockets(),
        options.isClosedLoop()
            ? options.inFlight() + " messages in flight"
            : options.rate() + " messages/s asked for",
        seconds(took),
        perSecond(deliveries),
        perSecond(messages),
        millis(50),
        millis(99),
        millis(100),
        options.isClosedLoop() ? " from the sending" : " from when each message was due",
        cpuPerMillion(),
        seconds(productCpu),
        seconds(storesCpu),
        seconds(generatorCpu),
        verdict.inWords(options.sockets()));
  }

  /** Writes it beside the results of other runs. */
  Path writeTo(Path directory) throws IOException {
    Files.createDirectories(directory);
    String day = at.atZone(ZoneOffset.UTC).toLocalDate().toString();
    Path file = directory.resolve(day + "-room.json");
    for (int run = 2; Files.exists(file); run++) {
      file = directory.resolve(day + "-room-" + run + ".json");
    }
    return Files.write(file, JsonText.of(out -> {
      out.useDefaultPrettyPrinter();
      write(out);
      out.writeRaw('\n');
    }));
  }

  private void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("at", at.toString());
    out.writeStringField("commit", commit);
    out.writeObjectFieldStart("machine");
    out.writeNumberField("processors", Runtime.getRuntime().availableProcessors());
    out.writeStringField(
        "system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    out.writeStringField("jvm", System.getProperty("java.vm.name") + " " + Runtime.version());
    out.writeNumberField(
        "loadAverage", ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    out.writeEndObject();
    out.writeObjectFieldStart("load");
    out.writeNumberField("connections", options.sockets());
    out.writeNumberField("askedMessagesPerSecond", options.rate());
    out.writeNumberField("inFlight", options.isClosedLoop() ? options.inFlight() : 0);
    out.writeNumberField("textBytes", options.textBytes());
    out.writeNumberField("warmUpSeconds", options.warmUp().toSeconds());
    out.writeNumberField("seconds", options.measured().toSeconds());
    out.writeEndObject();
    out.writeObjectFieldStart("measured");
    out.writeNumberField("seconds", seconds(took));
    out.writeNumberField("messages", messages);
    out.writeNumberField("deliveries", deliveries);
    out.writeNumberField("messagesPerSecond", Math.round(perSecond(messages)));
    out.writeNumberField("deliveriesPerSecond", Math.round(perSecond(deliveries)));
    out.writeObjectFieldStart("latencyMs");
    out.writeStringField("from", options.isClosedLoop() ? "sending" : "when the message was due");
    out.writeNumberField("p50", millis(50));
    out.writeNumberField("p99", millis(99));
    out.writeNumberField("max", millis(100));
    out.writeEndObject();
    out.writeNumberField("productCpuSecondsPerMillionDeliveries", cpuPerMillion());
    out.writeNumberField("productCpuSeconds", seconds(productCpu));
    out.writeNumberField("storesCpuSeconds", seconds(storesCpu));
    out.writeNumberField("generatorCpuSeconds", seconds(generatorCpu));
    out.writeEndObject();
    out.writeObjectFieldStart("verified");
    out.writeStringField("says", verdict.inWords(options.sockets()));
    out.writeNumberField("acceptedMessages", verdict.accepted());
    out.writeNumberField("failedMessages", verdict.failed());
    out.writeNumberField("deliveries", verdict.deliveries());
    out.writeNumberField("lost", verdict.lost());
    out.writeNumberField("doubled", verdict.doubled());
    out.writeNumberField("reordered", verdict.reordered());
    out.writeNumberField("holes", verdict.holes());
    out.writeNumberField("differing", verdict.differing());
    out.writeEndObject();
    out.writeEndObject();
  }
}
