package io.madang.contracts.dashboard;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * The one place that knows how the words of dashboard-service look as JSON. Safe on any thread.
 *
 * <p>The time of a sample is known only to the store that takes it, so samples are written as members without it, and
 * {@link #at} makes the object.
 */
public final class DashboardJson {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** How every sample and every dashboard begins. */
  private static final String TIME = "{\"time\":";

  private DashboardJson() {}

  /** What writes one value, which may fail only as its buffer does. */
  private interface Body {
    void to(JsonGenerator json) throws IOException;
  }

  /**
   * Reads a command whose arguments were checked against the descriptor.
   *
   * @throws IllegalArgumentException when there is no such command
   */
  public static DashboardCommand decode(String name, byte[] arguments) {
    return switch (name) {
      case DashboardNames.CURRENT -> new DashboardCommand.Current();
      case DashboardNames.SUBSCRIBE_TO_METRIC ->
        new DashboardCommand.SubscribeToMetric(argument(arguments, "metric"));
      case DashboardNames.UNSUBSCRIBE_FROM_METRIC ->
        new DashboardCommand.UnsubscribeFromMetric(argument(arguments, "metric"));
      case DashboardNames.GET_CACHED_DATA ->
        new DashboardCommand.GetCachedData(argument(arguments, "key"));
      case DashboardNames.MESH_METRICS -> new DashboardCommand.MeshMetrics();
      case DashboardNames.PREMIUM_FEATURE ->
        new DashboardCommand.PremiumFeature(argument(arguments, "data"));
      case DashboardNames.INSPECT_MESH -> new DashboardCommand.InspectMesh(texts(arguments));
      default -> throw new IllegalArgumentException("there is no command " + name);
    };
  }

  private static Map<String, String> texts(byte[] arguments) {
    Map<String, String> texts = new TreeMap<>();
    arguments(arguments)
        .fields()
        .forEachRemaining(each -> texts.put(each.getKey(), each.getValue().asText()));
    return texts;
  }

  private static String argument(byte[] arguments, String name) {
    return arguments(arguments).path(name).asText();
  }

  /** The arguments of a stream or command as a tree. */
  public static JsonNode arguments(byte[] arguments) {
    try {
      return MAPPER.readTree(arguments);
    } catch (IOException e) {
      throw new IllegalArgumentException("the arguments are not JSON", e);
    }
  }

  /** Members {@code value}, {@code nodes} and {@code services} of the data of event {@code metric}. */
  public static String members(MetricSample sample) {
    return members(json -> {
      json.writeFieldName("value");
      write(json, sample.value());
      writeValues(json, "nodes", sample.nodes());
      writeValues(json, "services", sample.services());
    });
  }

  /** Members {@code metrics} and {@code nodes} of the data of event {@code dashboard}. */
  public static String members(Map<MetricName, MetricSample> samples, List<MeshNode> nodes) {
    return members(json -> {
      json.writeObjectFieldStart("metrics");
      for (Map.Entry<MetricName, MetricSample> sample : samples.entrySet()) {
        json.writeFieldName(sample.getKey().wire());
        write(json, sample.getValue().value());
      }
      json.writeEndObject();
      json.writeArrayFieldStart("nodes");
      for (MeshNode node : nodes) {
        writeNode(json, node);
      }
      json.writeEndArray();
    });
  }

  /** A number as samples have it, or {@code null}. */
  public static String number(OptionalDouble value) {
    return value.isPresent() ? rounded(value.getAsDouble()) : "null";
  }

  /** The object of {@code time}, milliseconds since 1970, and members. */
  public static String at(long time, String members) {
    return TIME + time + "," + members + "}";
  }

  /** The time of an object made by {@link #at}. */
  public static long timeOf(String object) {
    return Long.parseLong(object.substring(TIME.length(), object.indexOf(',')));
  }

  /**
   * The snapshot of {@code metric:<name>}.
   *
   * @param points pairs of milliseconds since 1970 and a number or {@code null}, as JSON, oldest first
   * @param last the newest sample as JSON, {@code null} when there is none
   */
  public static byte[] snapshot(List<String> points, String last) {
    return ("{\"points\":[" + String.join(",", points) + "],\"last\":" + last + "}")
        .getBytes(StandardCharsets.UTF_8);
  }

  /** The result of {@code subscribeToMetric}; {@code last} as for {@link #snapshot}. */
  public static byte[] metric(String name, String last) {
    return ("{\"metric\":\"" + name + "\",\"last\":" + last + "}").getBytes(StandardCharsets.UTF_8);
  }

  /** The result of {@code unsubscribeFromMetric}. */
  public static byte[] metric(String name) {
    return ("{\"metric\":\"" + name + "\"}").getBytes(StandardCharsets.UTF_8);
  }

  /** The result of {@code getCachedData}; {@code cachedAt} is when it was made. */
  public static byte[] cached(MetricSummary summary, Instant cachedAt) {
    return value(json -> {
      json.writeStartObject();
      json.writeStringField("key", summary.metric().wire());
      json.writeNumberField("points", summary.points());
      if (summary.range().isPresent()) {
        MetricSummary.Range range = summary.range().get();
        json.writeStringField("from", range.from().toString());
        json.writeStringField("to", range.to().toString());
        writeRounded(json, "min", range.min());
        writeRounded(json, "max", range.max());
        writeRounded(json, "average", range.average());
        writeRounded(json, "last", range.last());
      }
      json.writeStringField("cachedAt", cachedAt.toString());
      json.writeEndObject();
    });
  }

  private static void writeRounded(JsonGenerator json, String name, double number)
      throws IOException {
    json.writeFieldName(name);
    json.writeRawValue(rounded(number));
  }

  /** The data of event {@code operations}, made of that of event {@code dashboard}. */
  public static byte[] operations(String dashboard) {
    JsonNode board = arguments(dashboard.getBytes(StandardCharsets.UTF_8));
    JsonNode metrics = board.path("metrics");
    return value(json -> {
      json.writeStartObject();
      json.writeStringField(
          "timestamp", Instant.ofEpochMilli(board.path("time").asLong()).toString());
      writeNode(json, "activeConnections", metrics.path(MetricName.CONNECTIONS.wire()));
      writeNode(json, "messagesPerSecond", metrics.path(MetricName.MESSAGES_PER_SECOND.wire()));
      writeNode(json, "averageMessageSize", metrics.path(MetricName.AVERAGE_SIZE.wire()));
      writeNode(json, "errorRate", metrics.path(MetricName.ERROR_RATE.wire()));
      json.writeEndObject();
    });
  }

  private static void writeNode(JsonGenerator json, String name, JsonNode number)
      throws IOException {
    json.writeFieldName(name);
    json.writeRawValue(number.isNumber() ? number.asText() : "null");
  }

  /**
   * The data of event {@code alert}.
   *
   * @param rule as the operator wrote it
   * @param raised whether the limit was passed now, and not come back to
   */
  public static byte[] alert(
      long time, String rule, MetricName metric, double limit, double number, boolean raised) {
    return value(json -> {
      json.writeStartObject();
      json.writeNumberField("time", time);
      json.writeStringField("rule", rule);
      json.writeStringField("metric", metric.wire());
      writeRounded(json, "value", number);
      writeRounded(json, "threshold", limit);
      json.writeBooleanField("raised", raised);
      json.writeStringField(
          "message",
          metric.wire() + " is " + rounded(number) + (raised ? ", against " : ", again within ")
              + rule);
      json.writeEndObject();
    });
  }

  /** The result of {@code premiumFeature}, with a sentence of it all. */
  public static byte[] premium(int characters, int words, int lines, String sha256) {
    return value(json -> {
      json.writeStartObject();
      json.writeNumberField("characters", characters);
      json.writeNumberField("words", words);
      json.writeNumberField("lines", lines);
      json.writeStringField("sha256", sha256);
      json.writeStringField(
          "summary",
          characters + " characters, " + words + " words, " + lines + " lines, SHA-256 " + sha256);
      json.writeEndObject();
    });
  }

  /** What {@code processDataStream} tells of its progress. */
  public static byte[] chunkProcessed(long processed, JsonNode chunkId) {
    return value(json -> {
      json.writeStartObject();
      json.writeNumberField("processedChunks", processed);
      json.writeFieldName("currentChunkId");
      MAPPER.writeTree(json, chunkId);
      json.writeEndObject();
    });
  }

  /** The result of {@code processDataStream}. */
  public static byte[] streamProcessed(
      long processed, List<String> errors, Instant completedAt, long bytes, String sha256) {
    return value(json -> {
      json.writeStartObject();
      json.writeNumberField("totalProcessed", processed);
      json.writeArrayFieldStart("errors");
      for (String error : errors) {
        json.writeString(error);
      }
      json.writeEndArray();
      json.writeStringField("completedAt", completedAt.toString());
      json.writeNumberField("bytes", bytes);
      json.writeStringField("sha256", sha256);
      json.writeEndObject();
    });
  }

  /** What {@code uploadChunks} tells of its progress. */
  public static byte[] chunksTaken(long chunks, long bytes) {
    return value(json -> {
      json.writeStartObject();
      json.writeNumberField("chunks", chunks);
      json.writeNumberField("bytes", bytes);
      json.writeEndObject();
    });
  }

  /** The result of {@code uploadChunks}. */
  public static byte[] chunksUploaded(long chunks, long bytes, String sha256) {
    return value(json -> {
      json.writeStartObject();
      json.writeNumberField("chunks", chunks);
      json.writeNumberField("bytes", bytes);
      json.writeStringField("sha256", sha256);
      json.writeEndObject();
    });
  }

  /** An item of {@code streamTime}. */
  public static byte[] text(String text) {
    return value(json -> json.writeString(text));
  }

  /** An item of {@code streamStockPrices}; it says that nobody trades at it. */
  public static byte[] price(String symbol, double price, long volume, String time) {
    return value(json -> {
      json.writeStartObject();
      json.writeStringField("symbol", symbol);
      json.writeNumberField("price", price);
      json.writeNumberField("volume", volume);
      json.writeStringField("timestamp", time);
      json.writeBooleanField("demo", true);
      json.writeEndObject();
    });
  }

  /** An item of {@code streamLogs}. */
  public static byte[] log(String node, LogLine line) {
    return value(json -> {
      json.writeStartObject();
      json.writeStringField("time", line.time().toString());
      json.writeStringField("level", line.level());
      json.writeStringField("node", node);
      json.writeStringField("logger", line.logger());
      json.writeStringField("thread", line.thread());
      json.writeStringField("message", line.message());
      if (line.failure().isPresent()) {
        json.writeStringField("failure", line.failure().get());
      }
      json.writeObjectFieldStart("fields");
      for (Map.Entry<String, String> field : line.fields().entrySet()) {
        json.writeStringField(field.getKey(), field.getValue());
      }
      json.writeEndObject();
      json.writeEndObject();
    });
  }

  /** An item of {@code streamLogs} in the place of lines that the reader was too slow for. */
  public static byte[] missedLines(long count) {
    return value(json -> {
      json.writeStartObject();
      json.writeNumberField("missed", count);
      json.writeEndObject();
    });
  }

  private static void writeNode(JsonGenerator json, MeshNode node) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", node.id());
    json.writeStringField("name", node.name());
    json.writeArrayFieldStart("roles");
    for (String role : node.roles()) {
      json.writeString(role);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeValues(JsonGenerator json, String name, Map<String, Double> values)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, Double> value : values.entrySet()) {
      json.writeFieldName(value.getKey());
      json.writeRawValue(rounded(value.getValue()));
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, OptionalDouble value) throws IOException {
    json.writeRawValue(number(value));
  }

  /** Thousandths are more than any of these is exact to, and most values get short. */
  private static String rounded(double value) {
    if (!Double.isFinite(value)) {
      return "null";
    }
    double thousandths = Math.rint(value * 1000);
    if (Math.abs(thousandths) >= Long.MAX_VALUE) {
      return Double.toString(value);
    }
    return BigDecimal.valueOf((long) thousandths, 3).stripTrailingZeros().toPlainString();
  }

  private static String members(Body body) {
    String object = new String(
        value(json -> {
          json.writeStartObject();
          body.to(json);
          json.writeEndObject();
        }),
        StandardCharsets.UTF_8);
    return object.substring(1, object.length() - 1);
  }

  private static byte[] value(Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = MAPPER.createGenerator(bytes)) {
      body.to(json);
    } catch (IOException e) {
      throw new UncheckedIOException("a buffer in memory cannot fail", e);
    }
    return bytes.toByteArray();
  }
}
