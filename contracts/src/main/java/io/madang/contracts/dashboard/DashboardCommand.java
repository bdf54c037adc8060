package io.madang.contracts.dashboard;

import java.util.Map;

/** What dashboard-service may be asked. */
public sealed interface DashboardCommand {
  <R> R dispatch(Handler<R> handler);

  /** One method per command: adding a command breaks every handler at compile time. */
  interface Handler<R> {
    R on(Current command);

    R on(SubscribeToMetric command);

    R on(UnsubscribeFromMetric command);

    R on(InspectMesh command);

    R on(GetCachedData command);

    R on(MeshMetrics command);

    R on(PremiumFeature command);
  }

  /** The last values of all metrics, as event {@code dashboard} has them. */
  record Current() implements DashboardCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** The last sample of one metric; its topic is subscribed for the asking connection from there. */
  record SubscribeToMetric(String metric) implements DashboardCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** The metric's topic is unsubscribed for the asking connection. */
  record UnsubscribeFromMetric(String metric) implements DashboardCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * How the mesh stands: its nodes, what gateways want, the topics that are heard, or how far they are.
   *
   * @param asked {@code view}, and of {@code topic}, {@code prefix} and {@code top} those that were given, as text
   */
  record InspectMesh(Map<String, String> asked) implements DashboardCommand {
    public InspectMesh {
      asked = Map.copyOf(asked);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** What a metric was in the last ten minutes, in some numbers that may be minutes old. */
  record GetCachedData(String key) implements DashboardCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** How busy the mesh is. */
  record MeshMetrics() implements DashboardCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** What can be said of a text. */
  record PremiumFeature(String data) implements DashboardCommand {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }
}
