package io.madang.runtime.bus;

import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.inspect.NodeReport;
import io.madang.runtime.service.ClientAnswer;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Topic;
import java.util.List;

/** The answers to the {@link Question}s, and {@link Failed} to any. */
public sealed interface Reply {

  record Outcome(CommandOutcome outcome) implements Reply {}

  record OfTopic(TopicAnswer answer) implements Reply {}

  /**
   * What the node published of a topic and remembers.
   *
   * @param publications the first follows the position asked about, each other the one before it; none when the node does not
   *     reach back so far, or what comes first was published elsewhere. There may be later ones that are not told
   */
  record Recent(List<Publication> publications) implements Reply {}

  /** Topics whose owner is elsewhere, or cannot tell just now. */
  record Moved(List<Topic> topics) implements Reply {}

  /** Whether an observation was taken over; when not, tell everything again. */
  record Observed(boolean taken) implements Reply {}

  /** What the node hosts, one JSON text per service. */
  record Described(List<Payload> descriptors) implements Reply {}

  record Counted(Payload counters) implements Reply {}

  /**
   * The command was not begun, as one before it did not come.
   *
   * @param next index in the chain of the one that may be begun next; all before it were begun
   */
  record Ahead(int next) implements Reply {}

  record OfClient(ClientAnswer answer) implements Reply {}

  record Inspected(NodeReport report) implements Reply {}

  /** It was not done, or nobody knows; the kind decides what the asker may do. */
  record Failed(Kind kind, String message) implements Reply {}

  /** Why there is no proper answer. */
  enum Kind {
    /** The node does not take it now and has not begun it; another may. */
    NOT_ACCEPTING,
    /** It was too late to begin. */
    EXPIRED,
    /** The world behind the service is ill; the outcome is unknown. */
    FAULT,
    /** The service is wrong. */
    BUG
  }
}
