package io.madang.runtime.mesh;

import io.madang.runtime.bus.BusMessage.Beat;
import io.madang.runtime.bus.Question;
import io.madang.runtime.bus.Reply;
import io.madang.runtime.descriptor.DescriptorJson;
import io.madang.runtime.mesh.ask.Asker;
import io.madang.runtime.mesh.directory.KnownServices;
import io.madang.runtime.topic.Payload;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks nodes what they host, when a beat names a service that nothing is known of. On the mesh loop. */
final class Introductions {
  private static final Logger LOG = LoggerFactory.getLogger(Introductions.class);
  private static final int NODE_ANSWER_MS = 1_000;

  private final KnownServices directory;
  private final Asker asker;

  /** Nodes that are being asked. */
  private final Set<String> describing = new HashSet<>();

  Introductions(KnownServices directory, Asker asker) {
    this.directory = directory;
    this.asker = asker;
  }

  void onBeat(Beat beat) {
    boolean known =
        beat.accepting().stream().allMatch(service -> directory.service(service).isPresent());
    if (known || !describing.add(beat.from().id())) {
      return;
    }
    asker.ask(beat.from().id(), "", new Question.Describe(), NODE_ANSWER_MS).onComplete(result -> {
      describing.remove(beat.from().id());
      if (result.succeeded() && result.result() instanceof Reply.Described described) {
        described.descriptors().forEach(this::takeDescriptor);
      }
    });
  }

  private void takeDescriptor(Payload payload) {
    try {
      directory.announce(DescriptorJson.fromPayload(payload));
    } catch (IllegalArgumentException e) {
      LOG.error(
          "A node announced a service that this version does not understand: {}", e.getMessage());
    }
  }
}
