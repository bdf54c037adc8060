package io.madang.gateway.edge.sse;

import io.madang.gateway.command.Refusals;
import io.madang.gateway.connection.Surroundings;
import io.madang.gateway.connection.measure.LoopCounts;
import io.madang.gateway.edge.http.Headers;
import io.madang.gateway.edge.http.HttpLinks;
import io.madang.gateway.edge.http.Problems;
import io.madang.gateway.edge.sse.wire.Positions;
import io.madang.gateway.edge.sse.wire.StreamListener;
import io.madang.gateway.edge.sse.wire.StreamSocket;
import io.madang.gateway.edge.websocket.Doorman;
import io.madang.gateway.edge.websocket.wire.SocketLoop;
import io.madang.gateway.edge.websocket.wire.Takeover;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.limit.Admission;
import io.madang.gateway.limit.AdmissionDesk;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.code.Retry;
import io.madang.protocol.codec.FrameCodec;
import io.madang.protocol.frame.ServerFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.runtime.topic.Topic;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;

/**
 * {@code GET /stream?topic=…&topic=…}: what topics bring, as server-sent events. For one event loop.
 *
 * <p>What cannot be is answered as a problem document before the stream begins. What cannot be just now is, too, unless the
 * client asks for an event stream by name: EventSource gives up for good on any answer but a stream, and so gets one that says
 * so, and when to come again, and ends.
 */
public final class EventStreamEdge {
  private static final String PATH = "/stream";
  private static final String EVENT_STREAM = "text/event-stream";

  /** As the well-known stand-ins for EventSource name it, which cannot set the header. */
  private static final String LAST_EVENT_ID_IN_QUERY = "lastEventId";

  /** A client whose stream broke comes again in one to two of these. */
  private static final Duration COME_AGAIN = Duration.ofSeconds(1);

  private final Headers headers;
  private final HttpLinks links;
  private final AdmissionDesk admission;
  private final StreamCallers callers;
  private final Function<HttpServerRequest, String> clientAddress;
  private final SocketLoop loop;
  private final Surroundings around;
  private final LoopCounts counts;
  private final FrameCodec codec;
  private final int maxTopics;

  /** @param maxTopics of one stream */
  public EventStreamEdge(
      Headers headers,
      HttpLinks links,
      AdmissionDesk admission,
      StreamCallers callers,
      Function<HttpServerRequest, String> clientAddress,
      SocketLoop loop,
      Surroundings around,
      LoopCounts counts,
      FrameCodec codec,
      int maxTopics) {
    this.headers = headers;
    this.links = links;
    this.admission = admission;
    this.callers = callers;
    this.clientAddress = clientAddress;
    this.loop = loop;
    this.around = around;
    this.counts = counts;
    this.codec = codec;
    this.maxTopics = maxTopics;
  }

  public void mount(Router router) {
    router.route(PATH).handler(headers::shareWithAllowedOrigins);
    router.get(PATH).handler(this::onRequest);
    router.route(PATH).handler(context -> Problems.onlyTakes(context, "GET, OPTIONS"));
  }

  private void onRequest(RoutingContext context) {
    HttpServerRequest request = context.request();
    Positions positions;
    try {
      requireNoBody(request);
      positions = positions(request, topics(request));
    } catch (IllegalArgumentException e) {
      Problems.send(request, Failure.of(ErrorCode.BAD_REQUEST, e.getMessage()));
      return;
    }
    Opening opening = new Opening(request);
    if (around.connections().isClosing()) {
      opening.refuse(Problems.later(ErrorCode.UNAVAILABLE, "This gateway stops.", COME_AGAIN));
    } else {
      opening.begin(positions);
    }
  }

  private static void requireNoBody(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    if (request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
        || (length != null && !length.strip().equals("0"))) {
      throw new IllegalArgumentException("A stream is asked for without a body.");
    }
  }

  private Set<Topic> topics(HttpServerRequest request) {
    List<String> names = request.params().getAll("topic");
    if (names.isEmpty()) {
      throw new IllegalArgumentException("Name each topic to be heard, as in ?topic=prefix:id.");
    }
    if (names.size() > maxTopics) {
      throw new IllegalArgumentException("One stream has at most " + maxTopics + " topics.");
    }
    Set<Topic> topics = new LinkedHashSet<>();
    names.forEach(name -> topics.add(Topic.parse(name)));
    return topics;
  }

  private static Positions positions(HttpServerRequest request, Set<Topic> topics) {
    String header = request.getHeader("Last-Event-ID");
    String last = header == null ? request.params().get(LAST_EVENT_ID_IN_QUERY) : header;
    return last == null ? new Positions(topics) : Positions.read(topics, last);
  }

  /** Not all in the same moment. */
  private static Duration comeAgain() {
    long millis = COME_AGAIN.toMillis();
    return Duration.ofMillis(millis + ThreadLocalRandom.current().nextLong(millis));
  }

  /** One request, from the moment it came to its answer. */
  private final class Opening implements EventStream.Answer {
    private final HttpServerRequest request;
    private final String address;

    /** Null before the channel is taken over. */
    private Takeover takeover;

    /** Whether the address's count holds this stream. */
    private boolean isCounted;

    Opening(HttpServerRequest request) {
      this.request = request;
      this.address = clientAddress.apply(request);
    }

    void begin(Positions positions) {
      takeover = Takeover.begin(request);
      admission.admit(address).onSuccess(verdict -> {
        if (verdict instanceof Admission.Welcome) {
          isCounted = true;
          callers
              .caller(request)
              .onSuccess(offered -> open(positions, offered))
              .onFailure(cause -> refuse(Refusals.failure(cause)));
        } else {
          refuse(Doorman.failure(verdict));
        }
      });
    }

    private void open(Positions positions, Optional<Credential> offered) {
      new EventStream(this, positions, offered, around, counts, codec, comeAgain()).start();
    }

    @Override
    public Optional<StreamSocket> begin(Positions positions, StreamListener listener) {
      if (takeover.isPeerGone()) {
        release();
        return Optional.empty();
      }
      links.onUpgrade(request.connection());
      return Optional.of(StreamSocket.begin(
          takeover,
          loop,
          listener,
          request.response().headers(),
          request.version() == HttpVersion.HTTP_1_1,
          positions,
          around.limits().clientTimeout(),
          this::release));
    }

    @Override
    public void listen() {
      takeover.read();
    }

    @Override
    public void refuse(Failure failure) {
      release();
      if (takeover != null) {
        // What came behind the request was not read as another one.
        request.response().putHeader(HttpHeaders.CONNECTION, "close");
      }
      if (failure.retry() == Retry.LATER && isEventSource()) {
        sayWhenToComeAgain(failure);
      } else {
        Problems.send(request, failure);
      }
      if (takeover != null) {
        request.connection().close();
      }
    }

    private boolean isEventSource() {
      String accepted = request.getHeader(HttpHeaders.ACCEPT);
      return accepted != null && accepted.contains(EVENT_STREAM);
    }

    private void sayWhenToComeAgain(Failure failure) {
      long wait = Math.max(failure.retryAfterMs(), comeAgain().toMillis());
      String problem =
          new String(codec.encode(ServerFrame.Error.unasked(failure)), StandardCharsets.UTF_8);
      request
          .response()
          .putHeader(HttpHeaders.CONTENT_TYPE, EVENT_STREAM)
          .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
          .end(Buffer.buffer(
              "retry: " + wait + "\n\nevent: " + Events.PROBLEM + "\ndata: " + problem + "\n\n"));
    }

    private void release() {
      if (isCounted) {
        isCounted = false;
        admission.release(address);
      }
    }
  }
}
