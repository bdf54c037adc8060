package io.madang.runtime.mesh;

import io.madang.runtime.bus.Question;
import io.madang.runtime.bus.Reply;
import io.madang.runtime.inspect.Inspection;
import io.madang.runtime.inspect.MeshPage;
import io.madang.runtime.inspect.MeshView;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.mesh.ask.Asker;
import io.madang.runtime.mesh.ask.MeshLoop;
import io.madang.runtime.service.ServiceContext;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;

/** The nodes of the mesh as services hosted here see them. Safe on any event loop, where the answers come as well. */
final class OtherNodes implements ServiceContext.NodeView {
  private static final int NODE_ANSWER_MS = 1_000;

  private final MeshLoop loop;
  private final Neighbourhood neighbourhood;
  private final Asker asker;
  private final MeshInspector inspector;

  OtherNodes(MeshLoop loop, Neighbourhood neighbourhood, Asker asker, MeshInspector inspector) {
    this.loop = loop;
    this.neighbourhood = neighbourhood;
    this.asker = asker;
    this.inspector = inspector;
  }

  @Override
  public List<NodeInfo> live() {
    return neighbourhood.live();
  }

  @Override
  public Future<Payload> counters(NodeInfo node) {
    return loop.call(() -> asker.ask(node.id(), "", new Question.Count(), NODE_ANSWER_MS))
        .compose(reply -> reply instanceof Reply.Counted counted
            ? Future.succeededFuture(counted.counters())
            : Future.failedFuture("no counters from " + node.id()));
  }

  @Override
  public Future<Payload> look(MeshView view, Inspection inspection, Duration within) {
    return inspector
        .look(view, inspection, within)
        .map(report ->
            Payload.ofJson(new MeshPage(report).of(view, inspection.top()).encode()));
  }
}
