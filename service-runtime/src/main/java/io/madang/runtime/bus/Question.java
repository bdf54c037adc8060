package io.madang.runtime.bus;

import io.madang.runtime.command.CommandCall;
import io.madang.runtime.inspect.Inspection;
import io.madang.runtime.service.ClientQuestion;
import io.madang.runtime.service.Observation;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.Map;

/** What one node can ask another. */
public sealed interface Question {

  /** Give a service a command. */
  record Command(CommandCall call) implements Question {}

  /** Ask a topic's owner. */
  record Read(TopicRead read) implements Question {}

  /**
   * What did this very node publish of a topic behind there, as far as it remembers? Asked by a gateway that it has sent
   * something later.
   */
  record Recent(Topic topic, StreamPosition after) implements Question {}

  /**
   * Which of these topics does their owner have elsewhere than there? Asked by a gateway that is there, so that it need not ask
   * for each by itself what came.
   */
  record Moved(Map<Topic, StreamPosition> known) implements Question {}

  /** Tell an observing service of a gateway's clients. */
  record Observe(Observation observation) implements Question {}

  /** Which services does the node host? */
  record Describe() implements Question {}

  /** How does the node stand, and what does it know of the others? */
  record Inspect(Inspection inspection) implements Question {}

  /** What does one client of the gateway answer? */
  record OfClient(ClientQuestion question) implements Question {}

  /** What has the node counted? */
  record Count() implements Question {}
}
