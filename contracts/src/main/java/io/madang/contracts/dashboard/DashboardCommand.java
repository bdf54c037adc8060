package io.madang.contracts.dashboard;

/** What dashboard-service may be asked. */
public sealed interface DashboardCommand {
  <R> R dispatch(Handler<R> handler);

  /** One method per command: adding a command breaks every handler at compile time. */
  interface Handler<R> {
    R on(Current command);

    R on(SubscribeToMetric command);

    R on(UnsubscribeFromMetric command);
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
}
