package io.madang.runtime.mesh.ask;

import io.madang.runtime.bus.BusMessage.UploadCredit;
import io.madang.runtime.bus.BusMessage.UploadDone;
import io.madang.runtime.bus.BusMessage.UploadEnd;
import io.madang.runtime.bus.BusMessage.UploadItem;
import io.madang.runtime.bus.BusMessage.UploadOpen;
import io.madang.runtime.bus.BusMessage.UploadProgress;
import io.madang.runtime.bus.MeshBus;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.UploadDescriptor;
import io.madang.runtime.membership.Membership;
import io.madang.runtime.membership.Rendezvous;
import io.madang.runtime.mesh.directory.Directory;
import io.madang.runtime.service.UploadCall;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The uploads that this node sends. One writer: the mesh loop. Items pass through in the order they come and none is kept; they
 * are numbered, since the bus may lose one.
 */
public final class OpenUploads {
  private static final long OFFER_MS = 3_000;
  private static final int OFFER_EVERY_MS = 50;

  /** By how much later than the service itself we say that an answer is overdue. */
  private static final long GRACE_MS = 5_000;

  private final Vertx vertx;
  private final Context loop;
  private final MeshBus bus;
  private final Membership membership;
  private final Directory directory;
  private final Map<Long, Open> uploads = new HashMap<>();

  /** Number of the last upload opened. */
  private long lastId;

  OpenUploads(Vertx vertx, Context loop, MeshBus bus, Membership membership, Directory directory) {
    this.vertx = vertx;
    this.loop = loop;
    this.bus = bus;
    this.membership = membership;
    this.directory = directory;
  }

  /** Safe on any event loop. */
  UploadHandle open(String service, UploadCall call, UploadListener listener) {
    Open upload = new Open(service, call, listener, vertx.getOrCreateContext());
    loop.runOnContext(turn -> offer(upload));
    return upload;
  }

  private void offer(Open upload) {
    if (upload.over) {
      return;
    }
    Optional<ServiceDescriptor> service = directory.service(upload.service);
    if (service.isEmpty()) {
      upload.refused(directory.noSuchService());
      return;
    }
    Optional<UploadDescriptor> descriptor = service.get().upload(upload.call.name());
    if (descriptor.isEmpty()) {
      upload.refused(
          Refusal.of("unknown-command", upload.service + " has no upload of that name."));
      return;
    }
    Optional<String> node = Rendezvous.choose(
        membership.accepting(upload.service), upload.call.caller().user());
    if (node.isEmpty() && upload.mayBeOfferedAgain()) {
      vertx.setTimer(OFFER_EVERY_MS, again -> offer(upload));
      return;
    }
    if (node.isEmpty()) {
      upload.refused(Refusal.later("unavailable", "The service is away.", 1_000));
      return;
    }
    upload.id = ++lastId;
    upload.node = node.get();
    uploads.put(upload.id, upload);
    upload.overdue = vertx.setTimer(
        descriptor.get().within().toMillis() + GRACE_MS,
        late -> giveUp(upload, Refusal.of("timeout", "The upload took too long.")));
    bus.send(upload.node, new UploadOpen(bus.node(), upload.id, upload.service, upload.call));
  }

  private void giveUp(Open upload, Refusal refusal) {
    if (upload.isOpen()) {
      upload.sendEnd(false);
      close(upload);
      upload.refused(refusal);
    }
  }

  private void close(Open upload) {
    upload.over = true;
    uploads.remove(upload.id);
    vertx.cancelTimer(upload.overdue);
  }

  public void onCredit(UploadCredit message) {
    Open upload = uploads.get(message.id());
    if (upload != null) {
      upload.begun = true;
      upload.tell(() -> upload.listener.more(message.items()));
    }
  }

  public void onProgress(UploadProgress message) {
    Open upload = uploads.get(message.id());
    if (upload != null) {
      upload.tell(() -> upload.listener.progress(message.item()));
    }
  }

  public void onDone(UploadDone message) {
    Open upload = uploads.get(message.id());
    if (upload == null) {
      return;
    }
    close(upload);
    if (!upload.begun && isAway(message.outcome()) && upload.mayBeOfferedAgain()) {
      // Nothing of it was sent: a service that starts or moves is away for a moment only.
      upload.over = false;
      vertx.setTimer(OFFER_EVERY_MS, again -> offer(upload));
    } else {
      upload.over = true;
      upload.tell(() -> upload.listener.outcome(message.outcome()));
    }
  }

  private static boolean isAway(CommandOutcome outcome) {
    return outcome instanceof CommandOutcome.Refused refused
        && refused.refusal().code().equals("unavailable");
  }

  void onGone(String node) {
    for (Open upload : List.copyOf(uploads.values())) {
      if (upload.node.equals(node)) {
        close(upload);
        upload.refused(Refusal.later("unavailable", "The service's node is gone.", 1_000));
      }
    }
  }

  private final class Open implements UploadHandle {
    private final String service;
    private final UploadCall call;
    private final UploadListener listener;
    private final Context senderLoop;
    private final long offerUntil = System.nanoTime() + OFFER_MS * 1_000_000;

    /** 0 before a node was found. */
    private long id;

    private String node = "";

    /** Items sent. */
    private long items;

    /** Timer of the answer; -1 before a node was found. */
    private long overdue = -1;

    /** Whether the service let anything come. */
    private boolean begun;

    /** Whether it was answered or given up. */
    private boolean over;

    Open(String service, UploadCall call, UploadListener listener, Context senderLoop) {
      this.service = service;
      this.call = call;
      this.listener = listener;
      this.senderLoop = senderLoop;
    }

    private boolean mayBeOfferedAgain() {
      return System.nanoTime() - offerUntil < 0;
    }

    private boolean isOpen() {
      return uploads.get(id) == this;
    }

    private void tell(Runnable telling) {
      senderLoop.runOnContext(turn -> telling.run());
    }

    private void refused(Refusal refusal) {
      over = true;
      tell(() -> listener.outcome(CommandOutcome.refused(refusal)));
    }

    @Override
    public void item(Payload item) {
      loop.runOnContext(turn -> {
        if (isOpen()) {
          items++;
          bus.send(node, new UploadItem(bus.node(), id, service, items, item));
        }
      });
    }

    @Override
    public void end() {
      loop.runOnContext(turn -> {
        if (isOpen()) {
          sendEnd(true);
        }
      });
    }

    @Override
    public void cancel() {
      loop.runOnContext(turn -> {
        if (isOpen()) {
          sendEnd(false);
          close(this);
        }
        over = true;
      });
    }

    private void sendEnd(boolean whole) {
      bus.send(node, new UploadEnd(bus.node(), id, service, whole, items));
    }
  }
}
