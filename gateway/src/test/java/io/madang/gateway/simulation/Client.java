package io.madang.gateway.simulation;

import io.madang.protocol.code.Retry;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.frame.StreamPosition;
import io.madang.protocol.frame.TopicPosition;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.topic.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One client of the mesh, as a good one behaves: comes back to any gateway when its link ends, goes on from its positions, and
 * gives a command again with the same id until it knows what became of it.
 */
final class Client implements Link.End {
  private static final int RETRY_MS = 150;

  /** A command that was not answered. */
  private record Pending(String id, String service, String name, String arguments) {}

  final String name;
  final String user;

  private final VirtualTime time;
  private final Trace trace;
  private final Findings findings;
  private final Store store;
  private final Supplier<Optional<Node>> gateways;
  private final Map<Topic, View> views = new LinkedHashMap<>();
  private final Map<String, Pending> pending = new LinkedHashMap<>();

  /** What a request of this connection asked for. */
  private final Map<Long, List<View>> asked = new HashMap<>();

  private final Map<Long, Pending> given = new HashMap<>();

  private Optional<Link> link = Optional.empty();

  /** Counts links, so that what was to be done on an earlier one is not done on the next. */
  private int links;

  private boolean isOpen;
  private long lastRef;
  private int lastCommand;

  Client(
      String name,
      String user,
      VirtualTime time,
      Trace trace,
      Findings findings,
      Store store,
      Supplier<Optional<Node>> gateways) {
    this.name = name;
    this.user = user;
    this.time = time;
    this.trace = trace;
    this.findings = findings;
    this.store = store;
    this.gateways = gateways;
  }

  // What it does.

  void connect() {
    if (link.isPresent()) {
      return;
    }
    Optional<Node> gateway = gateways.get();
    if (gateway.isEmpty()) {
      time.afterMillis(RETRY_MS, this::connect);
      return;
    }
    links++;
    Link fresh = new Link(time, endOf(links));
    link = Optional.of(fresh);
    note("connects to " + gateway.get());
    gateway.get().accept(fresh);
    say(new ClientFrame.Connect(++lastRef, Optional.of(user)));
  }

  /** What an older link still brings is not heard. */
  private Link.End endOf(int number) {
    return new Link.End() {
      @Override
      public void heard(ServerFrame frame) {
        if (number == links) {
          Client.this.heard(frame);
        }
      }

      @Override
      public void lost() {
        if (number == links) {
          Client.this.lost();
        }
      }
    };
  }

  void disconnect() {
    link.ifPresent(of -> {
      note("drops its link");
      of.drop();
      lost();
    });
  }

  /** Does not read for a while. */
  void lag(long millis) {
    link.ifPresent(of -> {
      note("does not read for " + millis + " ms");
      of.read(false);
      time.afterMillis(millis, () -> of.read(true));
    });
  }

  boolean isAt(Node node) {
    return link.filter(of -> of.isAt(node.process)).isPresent();
  }

  /** Its gateway is dead. */
  void gatewayDied() {
    link.ifPresent(Link::gatewayDied);
  }

  View view(Topic topic) {
    return views.computeIfAbsent(topic, of -> new View(of, name, user, store, findings));
  }

  void subscribe(Topic topic) {
    View view = view(topic);
    if (!view.wanted) {
      view.wanted = true;
      ask(view, time.chance(0.7) ? view.position.map(Client::wire) : Optional.empty());
    }
  }

  void unsubscribe(Topic topic) {
    View view = view(topic);
    if (view.wanted) {
      view.wanted = false;
      endQuietly(view);
    }
  }

  private void endQuietly(View view) {
    asked.remove(view.ref);
    view.ref = 0;
    if (isOpen && view.stage != View.Stage.IDLE && view.stage != View.Stage.ENDED) {
      say(new ClientFrame.Unsubscribe(++lastRef, view.topic.name()));
    }
    view.stage = View.Stage.IDLE;
  }

  /** Gives a command, and again until it knows. */
  void give(String service, String command, String arguments) {
    String id = name + "-" + ++lastCommand;
    Pending fresh = new Pending(id, service, command, arguments.replace("$id", id));
    pending.put(id, fresh);
    send(fresh);
  }

  private void send(Pending command) {
    if (isOpen && pending.containsKey(command.id)) {
      long ref = ++lastRef;
      given.put(ref, command);
      say(new ClientFrame.Command(
          ref,
          command.service,
          command.name,
          Optional.of(command.id),
          RawJson.trusted(command.arguments)));
    }
  }

  private void ask(View view, Optional<StreamPosition> since) {
    if (!isOpen || !view.wanted) {
      return;
    }
    long ref = ++lastRef;
    asking(view, ref, since);
    asked.put(ref, List.of(view));
    say(new ClientFrame.Subscribe(ref, view.topic.name(), since));
  }

  private void asking(View view, long ref, Optional<StreamPosition> since) {
    view.asking(
        ref,
        time.nanos(),
        since.map(at -> new io.madang.runtime.topic.StreamPosition(at.epoch(), at.offset())));
  }

  private static StreamPosition wire(io.madang.runtime.topic.StreamPosition position) {
    return new StreamPosition(position.epoch(), position.offset());
  }

  private void say(ClientFrame frame) {
    note("says " + frame);
    link.ifPresent(of -> of.say(frame));
  }

  private void note(String what) {
    trace.note(() -> name + " " + what);
  }

  private void askLater(View view, long millis) {
    int at = links;
    long ref = view.ref;
    time.afterMillis(millis, () -> {
      boolean waits = view.stage == View.Stage.IDLE || view.stage == View.Stage.ENDED;
      if (at == links && view.ref == ref && waits) {
        ask(view, time.chance(0.8) ? view.position.map(Client::wire) : Optional.empty());
      }
    });
  }

  // What comes.

  @Override
  public void lost() {
    note("has lost its link");
    link = Optional.empty();
    links++;
    isOpen = false;
    asked.clear();
    given.clear();
    views.values().forEach(view -> {
      view.stage = View.Stage.IDLE;
      view.ref = 0;
    });
    time.afterMillis(5 + time.roll(600), this::connect);
  }

  @Override
  public void heard(ServerFrame frame) {
    note("hears " + frame);
    frame.dispatch(new Hearing());
  }

  private void opened() {
    isOpen = true;
    List<View> resumed = new ArrayList<>();
    for (View view : views.values()) {
      if (view.wanted && view.position.isPresent()) {
        resumed.add(view);
      } else if (view.wanted) {
        ask(view, Optional.empty());
      }
    }
    if (!resumed.isEmpty()) {
      long ref = ++lastRef;
      resumed.forEach(view -> asking(view, ref, view.position.map(Client::wire)));
      asked.put(ref, List.copyOf(resumed));
      say(new ClientFrame.Resume(
          ref,
          resumed.stream()
              .map(view -> new TopicPosition(view.topic.name(), wire(view.position.orElseThrow())))
              .toList()));
    }
    List.copyOf(pending.values()).forEach(this::send);
  }

  private Optional<View> answered(String topic, long ref) {
    return Optional.ofNullable(views.get(Topic.parse(topic))).filter(view -> view.ref == ref);
  }

  private void onState(long ref, ServerFrame.TopicState state) {
    answered(state.topic(), ref).ifPresent(view -> {
      view.ref = 0;
      view.subscribed(state);
    });
  }

  private void onRefused(View view, Failure failure) {
    if (failure.retry() == Retry.LATER) {
      view.stage = View.Stage.IDLE;
      view.ref = 0;
      askLater(view, RETRY_MS + failure.retryAfterMs());
    } else {
      view.refused(failure.code());
      askLater(view, 300 + time.roll(1_000));
    }
  }

  private void onError(long ref, Failure failure) {
    Pending command = given.remove(ref);
    if (command != null) {
      if (failure.retry() == Retry.LATER) {
        int at = links;
        time.afterMillis(RETRY_MS + failure.retryAfterMs(), () -> {
          if (at == links) {
            send(command);
          }
        });
      } else {
        pending.remove(command.id);
      }
      return;
    }
    List<View> wished = asked.remove(ref);
    if (wished != null) {
      wished.stream().filter(view -> view.ref == ref).forEach(view -> onRefused(view, failure));
    }
  }

  private void onReply(long ref, RawJson result) {
    Pending command = given.remove(ref);
    if (command == null) {
      findings.wrong(name + " hears a reply that it did not ask for: " + ref);
      return;
    }
    pending.remove(command.id);
    Optional<Store.Ended> ended = store.ended(command.id);
    if (ended.isEmpty()) {
      findings.wrong(name + " hears that " + command + " was done, and it was not");
    } else if (!ended.get().result().toString().equals(result.toString())) {
      findings.wrong(name + " hears " + result + " of " + command + ", which came to "
          + ended.get().result());
    }
  }

  /** What is missing of a board, only a snapshot brings; of a room one may go on. */
  private void onGap(ServerFrame.Gap gap) {
    View view = view(Topic.parse(gap.topic()));
    boolean wasLive = view.stage == View.Stage.LIVE;
    view.gap(gap);
    if (wasLive && (view.topic.prefix().equals(Store.BOARD) || time.chance(0.3))) {
      endQuietly(view);
      ask(view, Optional.empty());
    }
  }

  // When all is quiet.

  void settled() {
    if (!isOpen) {
      findings.wrong(name + " is not connected");
    }
    if (!pending.isEmpty()) {
      findings.wrong(name + " waits for " + pending.values());
    }
    views.values().forEach(View::settled);
  }

  private final class Hearing implements ServerFrame.Handler<Boolean> {
    @Override
    public Boolean on(ServerFrame.Connected frame) {
      opened();
      return true;
    }

    @Override
    public Boolean on(ServerFrame.Subscribed frame) {
      asked.remove(frame.ref());
      onState(frame.ref(), frame.topic());
      return true;
    }

    @Override
    public Boolean on(ServerFrame.Resumed frame) {
      asked.remove(frame.ref());
      for (ServerFrame.Resumption each : frame.topics()) {
        each.dispatch(new ServerFrame.ResumptionHandler<Boolean>() {
          @Override
          public Boolean on(ServerFrame.Restored restored) {
            onState(frame.ref(), restored.state());
            return true;
          }

          @Override
          public Boolean on(ServerFrame.NotRestored refused) {
            answered(refused.topic(), frame.ref())
                .ifPresent(view -> onRefused(view, refused.failure()));
            return true;
          }
        });
      }
      return true;
    }

    @Override
    public Boolean on(ServerFrame.Unsubscribed frame) {
      View view = view(Topic.parse(frame.topic()));
      if (frame.reason().isPresent() && view.stage == View.Stage.LIVE) {
        view.ended(frame.reason().get());
        askLater(view, 50 + time.roll(1_500));
      }
      return true;
    }

    @Override
    public Boolean on(ServerFrame.Reply frame) {
      onReply(frame.ref(), frame.result());
      return true;
    }

    @Override
    public Boolean on(ServerFrame.Publication frame) {
      view(Topic.parse(frame.topic())).published(frame);
      return true;
    }

    @Override
    public Boolean on(ServerFrame.Gap frame) {
      onGap(frame);
      return true;
    }

    @Override
    public Boolean on(ServerFrame.Error frame) {
      onError(frame.ref(), frame.failure());
      return true;
    }

    @Override
    public Boolean on(ServerFrame.Disconnect frame) {
      return true;
    }

    @Override
    public Boolean on(ServerFrame.Item frame) {
      return unasked(frame);
    }

    @Override
    public Boolean on(ServerFrame.More frame) {
      return unasked(frame);
    }

    @Override
    public Boolean on(ServerFrame.Complete frame) {
      return unasked(frame);
    }

    @Override
    public Boolean on(ServerFrame.Refreshed frame) {
      return unasked(frame);
    }

    @Override
    public Boolean on(ServerFrame.Pong frame) {
      return unasked(frame);
    }

    private Boolean unasked(ServerFrame frame) {
      findings.wrong(name + " hears what it did not ask for: " + frame);
      return false;
    }
  }
}
