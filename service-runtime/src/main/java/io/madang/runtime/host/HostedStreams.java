package io.madang.runtime.host;

import io.madang.runtime.bus.BusMessage.StreamControl;
import io.madang.runtime.bus.BusMessage.StreamEnd;
import io.madang.runtime.bus.BusMessage.StreamItem;
import io.madang.runtime.bus.BusMessage.StreamOpen;
import io.madang.runtime.bus.MeshBus;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.descriptor.Arguments;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.StreamDescriptor;
import io.madang.runtime.service.MeshService;
import io.madang.runtime.service.StreamCall;
import io.madang.runtime.service.StreamSink;
import io.madang.runtime.topic.Payload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The streams that one service is answering. One writer: the loop of the service. */
final class HostedStreams {
  private static final Logger LOG = LoggerFactory.getLogger(HostedStreams.class);

  private record Key(String node, long id) {}

  private final MeshBus bus;
  private final MeshService service;
  private final ServiceDescriptor descriptor;
  private final Map<Key, Hosted> open = new HashMap<>();

  HostedStreams(MeshBus bus, MeshService service, ServiceDescriptor descriptor) {
    this.bus = bus;
    this.service = service;
    this.descriptor = descriptor;
  }

  void open(StreamOpen message) {
    Optional<StreamDescriptor> found = descriptor.stream(message.call().name());
    if (found.isEmpty()) {
      refuse(
          message,
          Refusal.of("unknown-command", descriptor.service() + " has no stream of that name."));
      return;
    }
    StreamDescriptor stream = found.get();
    if (stream.role().isPresent()
        && !message.call().caller().hasRole(stream.role().get())) {
      refuse(
          message,
          Refusal.of("forbidden", "This needs the role " + stream.role().get() + "."));
      return;
    }
    Arguments.Bound bound =
        Arguments.bind(stream.parameters(), List.of(), message.call().arguments());
    if (bound instanceof Arguments.Unfit unfit) {
      refuse(message, unfit.refusal());
      return;
    }
    Key key = new Key(message.from(), message.id());
    Hosted hosted = new Hosted(key, message.credit());
    open.put(key, hosted);
    try {
      service.stream(
          new StreamCall(
              message.call().caller().through(message.from()),
              stream.name(),
              ((Arguments.Fit) bound).payload()),
          hosted);
    } catch (RuntimeException e) {
      LOG.error("{} broke on the stream {}", descriptor.service(), stream.name(), e);
      hosted.fail(Refusal.of("internal", "Something went wrong here."));
    }
  }

  void refuse(StreamOpen message, Refusal refusal) {
    bus.send(message.from(), new StreamEnd(message.id(), Optional.of(refusal)));
  }

  void control(StreamControl message) {
    Hosted hosted = open.get(new Key(message.from(), message.id()));
    if (hosted == null) {
      return;
    }
    if (message.credit() == 0) {
      hosted.cancel();
    } else {
      hosted.addCredit(message.credit());
    }
  }

  void cancelAllOf(String node) {
    List.copyOf(open.values()).stream()
        .filter(hosted -> hosted.key.node().equals(node))
        .forEach(Hosted::cancel);
  }

  void cancelAll() {
    for (Hosted hosted : List.copyOf(open.values())) {
      hosted.cancel();
      bus.send(
          hosted.key.node(),
          new StreamEnd(
              hosted.key.id(),
              Optional.of(Refusal.later("unavailable", "The service is stopping.", 1_000))));
    }
  }

  private final class Hosted implements StreamSink {
    private final Key key;

    /** Items the reader still takes. */
    private int credit;

    /** Whether the service was told to wait and not told to go on since. */
    private boolean waiting;

    private Runnable ready = () -> {};
    private Runnable cancelled = () -> {};

    private Hosted(Key key, int credit) {
      this.key = key;
      this.credit = credit;
    }

    @Override
    public boolean item(Payload item) {
      if (!open.containsKey(key)) {
        return false;
      }
      if (credit == 0) {
        waiting = true;
        return false;
      }
      credit--;
      bus.send(key.node(), new StreamItem(key.id(), item));
      return true;
    }

    @Override
    public void onCredit(Runnable handler) {
      ready = handler;
    }

    @Override
    public void onCancel(Runnable handler) {
      cancelled = handler;
    }

    @Override
    public void complete() {
      end(Optional.empty());
    }

    @Override
    public void fail(Refusal refusal) {
      end(Optional.of(refusal));
    }

    private void end(Optional<Refusal> refusal) {
      if (open.remove(key) != null) {
        bus.send(key.node(), new StreamEnd(key.id(), refusal));
      }
    }

    private void addCredit(int items) {
      credit = (int) Math.min(Integer.MAX_VALUE, (long) credit + items);
      if (waiting) {
        waiting = false;
        ready.run();
      }
    }

    private void cancel() {
      if (open.remove(key) != null) {
        cancelled.run();
      }
    }
  }
}
