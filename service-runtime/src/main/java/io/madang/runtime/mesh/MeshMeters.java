package io.madang.runtime.mesh;

import io.madang.runtime.inspect.NodeReport.Wanted;
import io.madang.runtime.metrics.MeterNames;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.List;

/** Shows in the metrics how this node sees the mesh; told once a second on the mesh loop, read whenever somebody collects. */
final class MeshMeters {
  private final MultiGauge nodes;
  private final MultiGauge interest;

  MeshMeters(MeterRegistry metrics) {
    this.nodes = MultiGauge.builder(MeterNames.NODES)
        .description("Nodes of the mesh as this one sees them")
        .register(metrics);
    this.interest = MultiGauge.builder(MeterNames.INTEREST)
        .description("Topics that this gateway wants")
        .register(metrics);
  }

  /** @param live nodes that are there and heard */
  void nodes(int live, int suspected) {
    nodes.register(List.of(row(live, "live"), row(suspected, "suspected")), true);
  }

  private static Row<Number> row(int nodes, String state) {
    return Row.of(Tags.of(MeterNames.STATE, state), nodes);
  }

  void interest(List<Wanted> wanted) {
    interest.register(
        wanted.stream()
            .map(of -> Row.of(Tags.of(MeterNames.SERVICE, of.service()), of.topics()))
            .toList(),
        true);
  }
}
