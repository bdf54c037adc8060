package io.madang.gateway.connection;

import io.madang.gateway.command.Commands;
import io.madang.gateway.command.Refusals;
import io.madang.gateway.connection.ConnectionState.Open;
import io.madang.gateway.identity.AuthenticationException;
import io.madang.gateway.identity.AuthenticationException.Reason;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.Principal;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Effects;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.config.Secret;
import io.madang.runtime.mesh.ask.StreamHandle;
import io.madang.runtime.mesh.ask.StreamReader;
import io.madang.runtime.mesh.ask.UploadHandle;
import io.madang.runtime.mesh.ask.UploadListener;
import io.madang.runtime.topic.Payload;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Optional;

/**
 * What each frame means once somebody is signed in. Part of its {@link Connection}; answers true if the request was begun.
 */
final class OpenFrames implements ClientFrame.Handler<Boolean> {
  /** Items of a stream that come without being asked for. */
  static final int INITIAL_STREAM_CREDIT = 64;

  /** Commands usually take less. */
  private static final Duration WHEN_SOME_ARE_ANSWERED = Duration.ofMillis(100);

  private final Connection connection;
  private final Outgoing outgoing;
  private final TopicRequests topics;
  private final Surroundings around;
  private final Requests requests;

  OpenFrames(
      Connection connection,
      Outgoing outgoing,
      TopicRequests topics,
      Surroundings around,
      Requests requests) {
    this.connection = connection;
    this.outgoing = outgoing;
    this.topics = topics;
    this.around = around;
    this.requests = requests;
  }

  @Override
  public Boolean on(ClientFrame.Connect frame) {
    if (frame.token().isPresent()) {
      return refuse(
          frame,
          ErrorCode.CONFLICT,
          "Somebody is signed in already; a newer token comes with refresh.");
    }
    connection.open().ifPresent(open -> outgoing.sendConnected(frame.ref(), open.principal()));
    return true;
  }

  @Override
  public Boolean on(ClientFrame.Subscribe frame) {
    return topics.subscribe(frame);
  }

  @Override
  public Boolean on(ClientFrame.Resume frame) {
    boolean counts =
        connection.principal().filter(around.authenticator()::stillCounts).isPresent();
    if (!counts) {
      connection.close(CloseCode.REVOKED, Duration.ZERO);
      return false;
    }
    return topics.resume(frame);
  }

  @Override
  public Boolean on(ClientFrame.Unsubscribe frame) {
    return topics.unsubscribe(frame);
  }

  @Override
  public Boolean on(ClientFrame.Command frame) {
    if (!begin(frame, frame.args().utf8().length)) {
      return false;
    }
    around
        .commands()
        .command(currentCaller(), frame.service(), frame.name(), frame.id(), frame.args())
        .onComplete(result -> onOutcome(frame.ref(), result));
    return true;
  }

  private void onOutcome(long ref, AsyncResult<CommandOutcome> result) {
    if (!requests.end(ref)) {
      return;
    }
    if (result.failed()) {
      outgoing.fail(ref, Refusals.failure(result.cause()));
    } else if (result.result() instanceof CommandOutcome.Refused refused) {
      outgoing.fail(ref, Refusals.failure(refused.refusal()));
    } else {
      CommandOutcome.Done done = (CommandOutcome.Done) result.result();
      if (!done.effects().equals(Effects.NONE)) {
        outgoing.tellEffects(ref, done.effects());
      }
      outgoing.send(new ServerFrame.Reply(ref, json(done.result())));
    }
    connection.onAnswered();
  }

  @Override
  public Boolean on(ClientFrame.Stream frame) {
    if (!begin(frame, frame.args().utf8().length)) {
      return false;
    }
    Items items = new Items(frame.ref());
    StreamHandle stream = around.commands().stream(
        currentCaller(), frame.service(), frame.name(), frame.args(), INITIAL_STREAM_CREDIT, items);
    requests.isStream(frame.ref(), items.steeredBy(stream));
    return true;
  }

  /** Hears one stream. */
  private final class Items implements StreamReader {
    private final long ref;

    /** Items may be on their way when the client cancels and uses the ref for something else. */
    private boolean over;

    Items(long ref) {
      this.ref = ref;
    }

    StreamHandle steeredBy(StreamHandle stream) {
      return new StreamHandle() {
        @Override
        public void more(int items) {
          stream.more(items);
        }

        @Override
        public void cancel() {
          over = true;
          stream.cancel();
        }
      };
    }

    @Override
    public void item(Payload item) {
      if (!over) {
        outgoing.send(new ServerFrame.Item(ref, json(item)));
      }
    }

    @Override
    public void end(Optional<Refusal> refusal) {
      if (over) {
        return;
      }
      over = true;
      requests.end(ref);
      refusal.ifPresentOrElse(
          why -> outgoing.fail(ref, Refusals.failure(why)),
          () -> outgoing.send(new ServerFrame.Complete(ref)));
    }
  }

  @Override
  public Boolean on(ClientFrame.Cancel frame) {
    return requests.stream(frame.ref())
        .map(stream -> {
          stream.cancel();
          requests.end(frame.ref());
          outgoing.send(new ServerFrame.Complete(frame.ref()));
          return true;
        })
        .orElseGet(() -> unknownRef(frame));
  }

  @Override
  public Boolean on(ClientFrame.More frame) {
    return requests.stream(frame.ref())
        .filter(open -> !(open instanceof Upload))
        .map(stream -> {
          stream.more(frame.items());
          return true;
        })
        .orElseGet(() -> unknownRef(frame));
  }

  @Override
  public Boolean on(ClientFrame.Upload frame) {
    if (!begin(frame, frame.args().utf8().length)) {
      return false;
    }
    Upload upload = new Upload(frame.ref());
    upload.sending = Optional.of(around
        .commands()
        .upload(currentCaller(), frame.service(), frame.name(), frame.args(), upload));
    requests.isStream(frame.ref(), upload);
    return true;
  }

  @Override
  public Boolean on(ClientFrame.UploadItem frame) {
    return upload(frame.ref()).map(upload -> upload.item(frame)).orElseGet(() -> unknownRef(frame));
  }

  @Override
  public Boolean on(ClientFrame.UploadEnd frame) {
    return upload(frame.ref()).map(Upload::end).orElseGet(() -> unknownRef(frame));
  }

  private Optional<Upload> upload(long ref) {
    return requests.stream(ref).filter(Upload.class::isInstance).map(Upload.class::cast);
  }

  /** Whether something with more than one item is open under this ref. */
  boolean isOpen(long ref) {
    return requests.stream(ref).isPresent();
  }

  /** One upload: passes on what the client may send, and tells the client how much that is and what became of it. */
  private final class Upload implements UploadListener, StreamHandle {
    private final long ref;

    /** Set once, right after the mesh was asked. */
    private Optional<UploadHandle> sending = Optional.empty();

    /** Items the client may still send. */
    private int credit;

    private boolean ended;

    /** The service's words may be on their way when the client cancels and uses the ref for something else. */
    private boolean over;

    Upload(long ref) {
      this.ref = ref;
    }

    boolean item(ClientFrame.UploadItem frame) {
      if (credit == 0 || ended) {
        cancel();
        requests.end(ref);
        return refuse(
            frame,
            ErrorCode.BAD_REQUEST,
            "The upload has no credit, or ended before; it is given up.");
      }
      credit--;
      sending.ifPresent(to -> to.item(Payload.wrap(frame.item().utf8())));
      return true;
    }

    boolean end() {
      if (!ended) {
        ended = true;
        sending.ifPresent(UploadHandle::end);
      }
      return true;
    }

    @Override
    public void more(int items) {
      if (!over && !ended) {
        credit = (int) Math.min(Integer.MAX_VALUE, (long) credit + items);
        outgoing.send(new ServerFrame.More(ref, items));
      }
    }

    @Override
    public void progress(Payload item) {
      if (!over) {
        outgoing.send(new ServerFrame.Item(ref, json(item)));
      }
    }

    @Override
    public void outcome(CommandOutcome outcome) {
      if (!over) {
        over = true;
        onOutcome(ref, Future.succeededFuture(outcome));
      }
    }

    @Override
    public void cancel() {
      over = true;
      sending.ifPresent(UploadHandle::cancel);
    }
  }

  @Override
  public Boolean on(ClientFrame.Refresh frame) {
    if (!begin(frame, 0)) {
      return false;
    }
    around
        .authenticator()
        .authenticate(new Credential.Bearer(new Secret(frame.token())))
        .onComplete(result -> onRefresh(frame.ref(), result));
    return true;
  }

  private void onRefresh(long ref, AsyncResult<Principal> result) {
    Optional<Open> open = connection.open();
    if (!requests.end(ref)) {
      return;
    }
    if (open.isEmpty()) {
      connection.onAnswered();
      return;
    }
    if (result.failed()) {
      outgoing.fail(ref, Refusals.failure(result.cause()));
    } else if (!around.authenticator().stillCounts(result.result())) {
      outgoing.fail(ref, Refusals.failure(new AuthenticationException(Reason.REVOKED)));
    } else if (!result.result().userId().equals(open.get().principal().userId())) {
      outgoing.fail(
          ref,
          Failure.of(ErrorCode.FORBIDDEN, "The token is another user's; connect afresh for that."));
    } else {
      connection.toRefreshed(open.get(), result.result());
      outgoing.send(new ServerFrame.Refreshed(ref, Optional.of(result.result().expiresAt())));
    }
  }

  @Override
  public Boolean on(ClientFrame.Ping frame) {
    outgoing.send(new ServerFrame.Pong(frame.ref(), around.time().instant()));
    return true;
  }

  /** With the roles of the newest token. */
  private Caller currentCaller() {
    return Commands.caller(
        connection.open().orElseThrow().principal(), Optional.of(connection.connection()));
  }

  private boolean begin(ClientFrame frame, int argumentBytes) {
    return switch (requests.begin(frame.ref(), argumentBytes)) {
      case BEGUN -> true;
      case REF_IN_USE ->
        refuse(frame, ErrorCode.CONFLICT, "A request with this ref waits for its answer.");
      case TOO_MANY ->
        refuse(
            frame,
            Failure.of(ErrorCode.TOO_MANY_REQUESTS, "Too many requests wait for their answer.")
                .after(WHEN_SOME_ARE_ANSWERED));
    };
  }

  private boolean unknownRef(ClientFrame frame) {
    return refuse(frame, ErrorCode.UNKNOWN_REF, "Nothing that takes this is open with this ref.");
  }

  private boolean refuse(ClientFrame frame, ErrorCode code, String message) {
    return refuse(frame, Failure.of(code, message));
  }

  private boolean refuse(ClientFrame frame, Failure failure) {
    outgoing.fail(frame.ref(), failure);
    return false;
  }

  private static RawJson json(Payload payload) {
    return RawJson.trusted(payload.utf8());
  }
}
