package io.madang.runtime.metrics;

/**
 * Names of the meters that one process counts and another reads, and the tags by which they are told apart: whoever counts and
 * whoever reads takes them from here, so that they cannot drift apart. Prometheus shows them with {@code _} for {@code .}, and
 * counters with {@code _total} behind.
 */
public final class MeterNames {
  /** Gauge: clients connected to a gateway. */
  public static final String CONNECTIONS = "madang.connections";

  /** Counter by {@link #DIRECTION}: messages from and to clients, those that are no frame included. */
  public static final String MESSAGES = "madang.messages";

  /** Counter by {@link #DIRECTION}: bytes of the text of these messages. */
  public static final String MESSAGE_BYTES = "madang.message.bytes";

  /** Counter: publications sent to clients, each as often as it was sent. */
  public static final String DELIVERIES = "madang.deliveries";

  /** Counter by {@link #SERVICE} and {@link #OUTCOME}: commands that were answered. */
  public static final String COMMANDS = "madang.commands";

  /** Timer by {@link #SERVICE}: from the arrival of a command at its service to its answer. */
  public static final String COMMAND_TIME = "madang.command.time";

  /** Counter: topics whose owner was asked for what was missing, and had it. */
  public static final String HOLES = "madang.holes";

  /** Counter: ranges that the owner of a topic had no more. */
  public static final String GAPS = "madang.gaps";

  /** Counter: readers that were brought up to date with a topic. */
  public static final String CATCH_UPS = "madang.catchups";

  /** Counter: those of {@link #CATCH_UPS} that were served by a read for another. */
  public static final String CATCH_UPS_MERGED = "madang.catchups.merged";

  /** Counter: those of {@link #CATCH_UPS} that were served from the recent publications of the gateway. */
  public static final String CATCH_UPS_RECENT = "madang.catchups.recent";

  /** Gauge by {@link #STATE}: nodes of the mesh as this one sees them. */
  public static final String NODES = "madang.nodes";

  /** Gauge by {@link #SERVICE}: topics that this gateway wants. */
  public static final String INTEREST = "madang.interest.topics";

  /** Gauge by {@link #SERVICE} and {@link #GATEWAY}: batches on their way from a service here to a gateway. */
  public static final String IN_FLIGHT = "madang.batches.in.flight";

  /** Gauge by {@link #SERVICE} and {@link #GATEWAY}: about how many bytes these batches have. */
  public static final String BYTES_IN_FLIGHT = "madang.batches.in.flight.bytes";

  /** Gauge: topics of this gateway of which something waits for what came before it. */
  public static final String TOPICS_WAITING = "madang.topics.waiting";

  /** Gauge: of the topics of this gateway, how many offsets the one lacks that is known to lack most. */
  public static final String LAG = "madang.topics.lag";

  /** Gauge: bytes of heap in use, garbage included. */
  public static final String HEAP_BYTES = "madang.heap.bytes";

  /** Counter: seconds of processors that the process used. */
  public static final String CPU_SECONDS = "madang.cpu.seconds";

  public static final String DIRECTION = "direction";

  /** From clients. */
  public static final String IN = "in";

  /** To clients. */
  public static final String OUT = "out";

  public static final String SERVICE = "service";
  public static final String OUTCOME = "outcome";

  public static final String STATE = "state";

  /** Name of a gateway, without its incarnation. */
  public static final String GATEWAY = "gateway";

  /** An {@link #OUTCOME}: neither done nor refused, but broken. */
  public static final String FAULT = "fault";

  /** Upper bound of a timer's bucket in seconds. */
  public static final String UP_TO = "le";

  /** Behind a timer's name: how many were timed. */
  public static final String COUNT = ".count";

  /** Behind a timer's name: seconds of all together. */
  public static final String SUM = ".sum";

  /** Behind a timer's name: how many took at most {@link #UP_TO}. */
  public static final String BUCKET = ".bucket";

  private MeterNames() {}
}
