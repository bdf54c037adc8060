package io.madang.runtime.mesh;

import io.madang.runtime.bus.BusMessage.Answer;
import io.madang.runtime.bus.BusMessage.Ask;
import io.madang.runtime.bus.BusMessage.UploadDone;
import io.madang.runtime.bus.BusMessage.UploadOpen;
import io.madang.runtime.bus.MeshBus;
import io.madang.runtime.bus.Question;
import io.madang.runtime.bus.Reply;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.descriptor.DescriptorJson;
import io.madang.runtime.metrics.CountersJson;
import io.madang.runtime.time.NodeTime;
import io.madang.runtime.topic.Payload;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/**
 * What becomes of what other nodes ask here: some this node answers for itself, some its clients do, the rest a service that it hosts;
 * who asks for one that it does not host is told so. Owns nothing that changes. On the mesh loop.
 */
final class NodeAnswers {
  private final MeshBus bus;
  private final HostedServices hosted;
  private final Endpoints endpoints;
  private final SelfInspection selfInspection;
  private final MeterRegistry metrics;
  private final NodeTime time;

  NodeAnswers(
      MeshBus bus,
      HostedServices hosted,
      Endpoints endpoints,
      SelfInspection selfInspection,
      MeterRegistry metrics,
      NodeTime time) {
    this.bus = bus;
    this.hosted = hosted;
    this.endpoints = endpoints;
    this.selfInspection = selfInspection;
    this.metrics = metrics;
    this.time = time;
  }

  void on(Ask message) {
    long received = time.nanos();
    if (message.question() instanceof Question.Describe) {
      List<Payload> descriptors = hosted.hosts().stream()
          .map(host -> DescriptorJson.toPayload(host.descriptor()))
          .toList();
      answer(message, new Reply.Described(descriptors));
    } else if (message.question() instanceof Question.Count) {
      answer(message, new Reply.Counted(CountersJson.of(metrics)));
    } else if (message.question() instanceof Question.Inspect inspect) {
      selfInspection
          .report(inspect.inspection(), hosted.hosts(), endpoints.gateway(), time.millis())
          .onSuccess(report -> answer(message, new Reply.Inspected(report)));
    } else if (message.question() instanceof Question.OfClient client) {
      endpoints.clients().ask(client.question(), told -> answer(message, new Reply.OfClient(told)));
    } else if (!hosted.tell(message.service(), host -> host.onAsk(message, received))) {
      answer(
          message,
          new Reply.Failed(Reply.Kind.NOT_ACCEPTING, message.service() + " is not hosted here"));
    }
  }

  private void answer(Ask asked, Reply reply) {
    bus.send(asked.from(), new Answer(asked.id(), reply));
  }

  void on(UploadOpen message) {
    if (!hosted.tell(message.service(), host -> host.onUploadOpen(message))) {
      Refusal elsewhere = Refusal.later("unavailable", "The service has moved.", 500);
      bus.send(message.from(), new UploadDone(message.id(), CommandOutcome.refused(elsewhere)));
    }
  }
}
