package io.madang.runtime.host;

import io.madang.runtime.bus.BusMessage.UploadCredit;
import io.madang.runtime.bus.BusMessage.UploadDone;
import io.madang.runtime.bus.BusMessage.UploadEnd;
import io.madang.runtime.bus.BusMessage.UploadItem;
import io.madang.runtime.bus.BusMessage.UploadOpen;
import io.madang.runtime.bus.BusMessage.UploadProgress;
import io.madang.runtime.bus.MeshBus;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.descriptor.Arguments;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.UploadDescriptor;
import io.madang.runtime.service.MeshService;
import io.madang.runtime.service.UploadCall;
import io.madang.runtime.service.UploadReceiver;
import io.madang.runtime.service.UploadSource;
import io.madang.runtime.topic.Payload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The uploads that one service is taking, each held to its descriptor's limits. One writer: the loop of the service. Nothing is
 * kept here but counts: an item goes to the service in the turn it comes.
 */
final class HostedUploads {
  private static final Logger LOG = LoggerFactory.getLogger(HostedUploads.class);

  /** By how many the words of progress may be ahead of the items. */
  static final int PROGRESS_AHEAD = 64;

  private record Key(String node, long id) {}

  private final MeshBus bus;
  private final MeshService service;
  private final ServiceDescriptor descriptor;
  private final Map<Key, Hosted> open = new HashMap<>();

  HostedUploads(MeshBus bus, MeshService service, ServiceDescriptor descriptor) {
    this.bus = bus;
    this.service = service;
    this.descriptor = descriptor;
  }

  void open(UploadOpen message) {
    Optional<UploadDescriptor> found = descriptor.upload(message.call().name());
    if (found.isEmpty()) {
      refuse(
          message,
          Refusal.of("unknown-command", descriptor.service() + " has no upload of that name."));
      return;
    }
    UploadDescriptor upload = found.get();
    if (upload.role().isPresent()
        && !message.call().caller().hasRole(upload.role().get())) {
      refuse(
          message,
          Refusal.of("forbidden", "This needs the role " + upload.role().get() + "."));
      return;
    }
    Arguments.Bound bound =
        Arguments.bind(upload.parameters(), List.of(), message.call().arguments());
    if (bound instanceof Arguments.Unfit unfit) {
      refuse(message, unfit.refusal());
      return;
    }
    Key key = new Key(message.from(), message.id());
    Hosted hosted = new Hosted(key, upload);
    open.put(key, hosted);
    UploadCall call = new UploadCall(
        message.call().caller().through(message.from()),
        upload.name(),
        ((Arguments.Fit) bound).payload());
    hosted.guarded(() -> hosted.receiver = service.upload(call, hosted));
  }

  void refuse(UploadOpen message, Refusal refusal) {
    bus.send(message.from(), new UploadDone(message.id(), CommandOutcome.refused(refusal)));
  }

  void item(UploadItem message) {
    Hosted hosted = open.get(new Key(message.from(), message.id()));
    if (hosted != null) {
      hosted.onItem(message);
    }
  }

  void end(UploadEnd message) {
    Hosted hosted = open.get(new Key(message.from(), message.id()));
    if (hosted == null) {
      return;
    }
    if (message.whole()) {
      hosted.onEnd(message.items());
    } else {
      hosted.cancel();
    }
  }

  /** Ends what takes too long. */
  void sweep() {
    for (Hosted hosted : List.copyOf(open.values())) {
      hosted.endIfLate();
    }
  }

  void cancelAllOf(String node) {
    List.copyOf(open.values()).stream()
        .filter(hosted -> hosted.key.node().equals(node))
        .forEach(Hosted::cancel);
  }

  void cancelAll() {
    for (Hosted hosted : List.copyOf(open.values())) {
      hosted.breakOff(Refusal.later("unavailable", "The service is stopping.", 1_000));
    }
  }

  private static long nowMs() {
    return System.nanoTime() / 1_000_000;
  }

  private final class Hosted implements UploadSource {
    private final Key key;
    private final UploadDescriptor limits;
    private final long openedMs = nowMs();
    private UploadReceiver receiver = UploadReceiver.none();

    /** Items that may still come. */
    private int credit;

    private long items;
    private long bytes;
    private long progress;

    /** When the sender's turn began: the last item, or credit after there was none. */
    private long turnMs = openedMs;

    private boolean ended;

    Hosted(Key key, UploadDescriptor limits) {
      this.key = key;
      this.limits = limits;
    }

    void onItem(UploadItem message) {
      bytes += message.item().bytes();
      if (message.number() != items + 1) {
        breakOff(Refusal.later("unavailable", "A part of the upload was lost on its way.", 1_000));
      } else if (ended || credit == 0) {
        breakOff(Refusal.of("bad-request", "An item came that was not asked for."));
      } else if (message.item().bytes() > limits.maxItemBytes()) {
        breakOff(Refusal.of(
            "too-large", "One item has at most " + limits.maxItemBytes() + " bytes as JSON."));
      } else if (bytes > limits.maxBytes()) {
        breakOff(Refusal.of(
            "too-large", "The upload has at most " + limits.maxBytes() + " bytes as JSON."));
      } else {
        items++;
        credit--;
        turnMs = nowMs();
        guarded(() -> receiver.item(message.item()));
      }
    }

    void onEnd(long sent) {
      if (sent != items) {
        breakOff(Refusal.later("unavailable", "A part of the upload was lost on its way.", 1_000));
      } else if (!ended) {
        ended = true;
        guarded(receiver::end);
      }
    }

    void endIfLate() {
      long nowMs = nowMs();
      if (nowMs - openedMs > limits.within().toMillis()) {
        breakOff(Refusal.of("timeout", "The upload took too long."));
      } else if (!ended && credit > 0 && nowMs - turnMs > limits.idle().toMillis()) {
        breakOff(Refusal.of("timeout", "No item came for too long."));
      }
    }

    /** What goes wrong in the service ends this upload and nothing else. */
    void guarded(Runnable work) {
      try {
        work.run();
      } catch (RuntimeException e) {
        LOG.error("{} broke on the upload {}", descriptor.service(), limits.name(), e);
        breakOff(Refusal.of("internal", "Something went wrong here."));
      }
    }

    /** Tells both sides that it is over. */
    private void breakOff(Refusal refusal) {
      if (open.remove(key) != null) {
        bus.send(key.node(), new UploadDone(key.id(), CommandOutcome.refused(refusal)));
        tellCancelled();
      }
    }

    void cancel() {
      if (open.remove(key) != null) {
        tellCancelled();
      }
    }

    private void tellCancelled() {
      try {
        receiver.cancelled();
      } catch (RuntimeException e) {
        LOG.error("{} broke on the end of the upload {}", descriptor.service(), limits.name(), e);
      }
    }

    @Override
    public void more(int allowed) {
      if (!open.containsKey(key) || ended) {
        return;
      }
      if (credit == 0) {
        turnMs = nowMs();
      }
      credit = (int) Math.min(Integer.MAX_VALUE, (long) credit + allowed);
      bus.send(key.node(), new UploadCredit(key.id(), allowed));
    }

    @Override
    public boolean progress(Payload item) {
      if (!open.containsKey(key) || progress >= items + PROGRESS_AHEAD) {
        return false;
      }
      progress++;
      bus.send(key.node(), new UploadProgress(key.id(), item));
      return true;
    }

    @Override
    public void reply(Payload result) {
      answer(CommandOutcome.done(result));
    }

    @Override
    public void fail(Refusal refusal) {
      answer(CommandOutcome.refused(refusal));
    }

    private void answer(CommandOutcome outcome) {
      if (open.remove(key) != null) {
        bus.send(key.node(), new UploadDone(key.id(), outcome));
      }
    }
  }
}
