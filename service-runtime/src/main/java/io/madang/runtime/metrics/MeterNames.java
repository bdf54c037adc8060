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

  /** Counter by {@link #SERVICE} and {@link #OUTCOME}: batches sent to gateways, sent again, and gateways blocked. */
  public static final String BATCHES = "madang.batches";

  /** Counter by {@link #SERVICE} and {@link #OUTCOME}: publications that a blocked gateway was not sent as they were. */
  public static final String UNSENT = "madang.unsent.publications";

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
