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

  /** Counter by {@link #SERVICE} and {@link #OUTCOME}: batches sent to gateways, sent again, and gateways blocked. */
  public static final String BATCHES = "madang.batches";

  /** Counter by {@link #SERVICE} and {@link #OUTCOME}: publications that a blocked gateway was not sent as they were. */
  public static final String UNSENT = "madang.unsent.publications";

  /** Counter by {@link #KIND}: questions of a gateway to owners of topics. */
  public static final String OWNER_READS = "madang.owner.reads";

  /** Counter by {@link #OUTCOME}: readers that a gateway brought up to date, by where their past came from. */
  public static final String CATCH_UPS = "madang.catch.ups";

  /** Counter by {@link #OUTCOME}: holes in topics that a gateway filled, by where what was missing came from. */
  public static final String HOLES = "madang.holes";

  /** Counter: ranges of topics that a gateway missed and the owner had no more. */
  public static final String GAPS = "madang.gaps";

  /** Gauge: connections of a gateway that do not read fast enough and are fed when they do. */
  public static final String LAGGING = "madang.lagging.connections";

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

  /** An {@link #OUTCOME} of a batch: it left for a gateway for the first time. */
  public static final String SENT = "sent";

  /** An {@link #OUTCOME} of a batch: its gateway did not acknowledge it, and it left again. */
  public static final String RESENT = "resent";

  /** An {@link #OUTCOME} of a batch: it was sent often enough, and its gateway is told where its topics stood instead. */
  public static final String GIVEN_UP = "given-up";

  /** An {@link #OUTCOME} beside the batches: a gateway took no more, and began to be sent nothing. */
  public static final String BLOCKED = "blocked";

  /** An {@link #OUTCOME} of a publication: a blocked gateway is told its position instead, and reads it from its owner. */
  public static final String LEFT_OUT = "left-out";

  /** An {@link #OUTCOME} of a catch-up: the past was among the recent publications that the gateway keeps. */
  public static final String FROM_RECENT = "recent";

  /** An {@link #OUTCOME} of a catch-up: the past came with a read for another. */
  public static final String FROM_ANOTHER = "merged";

  /** An {@link #OUTCOME} of a catch-up: the owner was asked for the past. */
  public static final String FROM_OWNER = "read";

  /** An {@link #OUTCOME} of a catch-up: no past was wanted, or the owner has it no more. */
  public static final String WITH_SNAPSHOT = "snapshot";

  /** An {@link #OUTCOME} of a hole: the node that sent what came behind it still had what was missing. */
  public static final String FROM_SENDER = "sender";

  /** An {@link #OUTCOME} of a hole: what was missing was read from the owner's history. */
  public static final String FROM_HISTORY = "history";

  /** What a question is about. */
  public static final String KIND = "kind";

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
