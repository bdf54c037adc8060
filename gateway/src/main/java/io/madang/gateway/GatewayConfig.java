package io.madang.gateway;

import io.madang.gateway.connection.measure.ConnectionLimits;
import io.madang.gateway.edge.signalr.http.HubRedirect;
import io.madang.gateway.limit.AddressRange;
import io.madang.gateway.limit.Admission;
import io.madang.gateway.limit.UserShares;
import io.madang.runtime.config.Setting;
import io.madang.runtime.config.Settings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything an operator can change about a gateway, sign-in apart.
 *
 * @param host interface that clients reach; {@code MADANG_HTTP_HOST}, default 127.0.0.1
 * @param port port that clients reach, 0 for any free one; {@code MADANG_HTTP_PORT}, default 8080
 * @param loops event loops that serve clients, 0 for as many as there are processors; {@code MADANG_HTTP_LOOPS}, default 0
 * @param maxMessageBytes of one message from a client, and of one fragment; above it the connection is closed with 1009;
 *     {@code MADANG_WS_MAX_MESSAGE_BYTES}, default 32768
 * @param deflating whether sockets of {@code /ws} deflate messages for clients that offer it; {@code MADANG_WS_COMPRESSION},
 *     default false
 * @param maxBodyBytes of one HTTP request's body; above it the answer is 413; {@code MADANG_HTTP_MAX_BODY_BYTES}, default
 *     65536
 * @param maxHeaderBytes of one HTTP request's headers; above it the answer is 431; {@code MADANG_HTTP_MAX_HEADER_BYTES},
 *     default 16384
 * @param connectTimeout within which a new connection must send its first request and a socket must be signed in; {@code
 *     MADANG_HANDSHAKE_TIMEOUT_MS}, default 15 s
 * @param keepAlive after so long without a word a client is asked for a sign of life, and how often a client should ping;
 *     {@code MADANG_KEEP_ALIVE_MS}, default 15 s
 * @param clientTimeout after so long without a word a client is closed with 4001; {@code MADANG_CLIENT_TIMEOUT_MS}, default
 *     30 s
 * @param idleTimeout after so long without a request an HTTP connection is closed; {@code MADANG_HTTP_IDLE_TIMEOUT_MS},
 *     default 75 s
 * @param commandsPerSecond requests of one connection, or of one user over HTTP, in the long run; {@code
 *     MADANG_COMMAND_RATE}, default 200
 * @param commandBurst requests at once after a pause; {@code MADANG_COMMAND_BURST}, default 400
 * @param userCommandsPerSecond commands, streams and subscriptions of one user over all connections and gateways, in the long
 *     run, 0 for no limit; without Redis each event loop counts alone; {@code MADANG_USER_COMMAND_RATE}, default 400
 * @param userCommandBurst of those, at once after a pause; {@code MADANG_USER_COMMAND_BURST}, default 800
 * @param maxPending requests of one connection that wait for their answer, open streams included; {@code
 *     MADANG_MAX_PENDING}, default 256
 * @param maxPendingBytes of arguments of those; above it a request is refused with {@code too-many-requests}; {@code
 *     MADANG_MAX_PENDING_BYTES}, default 1 MiB
 * @param maxAsks questions of services that one connection may have before it, where its client can be asked; above it a
 *     question fails at once; {@code MADANG_MAX_CLIENT_QUESTIONS}, default 32
 * @param maxTopics subscriptions of one connection; {@code MADANG_MAX_TOPICS}, default 1000
 * @param maxStreamTopics topics of one event stream, each of which makes the id of each event longer; {@code
 *     MADANG_STREAM_TOPICS}, default 20
 * @param laggingBytes queued for one connection that reads slowly; above it it is brought no publications until it has read
 *     most of them, then its topics continue where it stands; also what one topic brings with its answer, the rest follows;
 *     {@code MADANG_LAGGING_BYTES}, default 256 KiB
 * @param stalled a connection above that which takes nothing for so long is closed with 4000; {@code MADANG_STALLED_MS},
 *     default 30 s
 * @param maxOutboundBytes queued for one connection that does not read; above it it is closed with 4000; {@code
 *     MADANG_MAX_OUTBOUND_BYTES}, default 1 MiB
 * @param maxResumedBytes of what topics bring with one {@code subscribed} or {@code resumed}; what one topic has
 *     more follows its answer, a topic beyond it in a resume is refused with {@code too-large}, to be subscribed to by itself;
 *     {@code MADANG_MAX_RESUMED_BYTES}, default 768 KiB
 * @param acceptsPerSecond new connections a second, of all clients together; {@code MADANG_ACCEPT_RATE}, default 2000
 * @param connectionsPerAddress connections of one network address at the same time; {@code
 *     MADANG_CONNECTIONS_PER_ADDRESS}, default 10000
 * @param connectionsPerUser connections of one user at the same time at this gateway; {@code
 *     MADANG_CONNECTIONS_PER_USER}, default 100
 * @param trustedProxies whose X-Forwarded-For, -Host and -Proto are believed, addresses or ranges; {@code
 *     MADANG_TRUSTED_PROXIES}, default none
 * @param hubRedirect where clients of hubs are sent when they negotiate, the hub's path behind it; none for here; {@code
 *     MADANG_SIGNALR_REDIRECT_URL}, default none
 * @param linger how long a topic stays wanted after its last subscriber left; {@code MADANG_TOPIC_LINGER_MS}, default 30 s
 * @param recentBytes of the newest publications of each wanted topic, kept to serve clients that come back without asking the
 *     topic's service for them, 0 for none; {@code MADANG_TOPIC_RECENT_BYTES}, default 128 KiB
 * @param announce how long the gateway goes on as before at an orderly stop, but for saying that it is not ready, so that
 *     whoever sends clients here sends them elsewhere; {@code MADANG_DRAIN_ANNOUNCE_MS}, default 0
 * @param drain over how long clients are then sent away, each at a random moment; few clients go sooner, in 4 ms each on an
 *     event loop; {@code MADANG_DRAIN_MS}, default 15 s. With {@code announce} and 8 s for the last goodbyes it must fit
 *     {@code MADANG_STOP_MS}
 * @param hubWindow how long a connection of a hub waits for its client to come back with another WebSocket (SignalR's stateful
 *     reconnect), 0 where none may; {@code MADANG_HUB_RESUME_MS}, default 15 s
 * @param replayBytes that one of those keeps for its client; with so many that the client has not confirmed it says no more
 *     until it has; {@code MADANG_HUB_REPLAY_BYTES}, default 100000
 * @param allReplayBytes that all of those keep together at this gateway; one that would keep more is closed, to begin anew;
 *     {@code MADANG_HUB_REPLAY_ALL_BYTES}, default 256 MiB
 * @param unreadyAfter without a node of a service for so long the gateway says that it is not ready, 0 for never; a service it
 *     never heard of is not missed; {@code MADANG_MISSED_SERVICE_UNREADY_MS}, default 10 s
 * @param sendAwayAfter without a node of a service for so long the gateway closes its clients once with 1012, 0 for never;
 *     {@code MADANG_MISSED_SERVICE_CLOSE_MS}, default 30 s
 */
public record GatewayConfig(
    String host,
    int port,
    int loops,
    int maxMessageBytes,
    boolean deflating,
    int maxBodyBytes,
    int maxHeaderBytes,
    Duration connectTimeout,
    Duration keepAlive,
    Duration clientTimeout,
    Duration idleTimeout,
    int commandsPerSecond,
    int commandBurst,
    int userCommandsPerSecond,
    int userCommandBurst,
    int maxPending,
    int maxPendingBytes,
    int maxAsks,
    int maxTopics,
    int maxStreamTopics,
    int laggingBytes,
    Duration stalled,
    int maxOutboundBytes,
    int maxResumedBytes,
    int acceptsPerSecond,
    int connectionsPerAddress,
    int connectionsPerUser,
    List<AddressRange> trustedProxies,
    Optional<HubRedirect> hubRedirect,
    Duration linger,
    int recentBytes,
    Duration announce,
    Duration drain,
    Duration hubWindow,
    int replayBytes,
    int allReplayBytes,
    Duration unreadyAfter,
    Duration sendAwayAfter) {

  /** Which set of defaults the limits have. */
  public enum Strictness {
    /** What the machine can well bear. */
    NORMAL,
    /** Ten messages of a connection in two seconds, and a hundred of a user in about a minute. */
    STRICT
  }

  private static final int STRICT_COMMANDS_PER_SECOND = 5;
  private static final int STRICT_COMMAND_BURST = 10;
  private static final int STRICT_USER_COMMANDS_PER_SECOND = 2;
  private static final int STRICT_USER_COMMAND_BURST = 100;

  private static final Setting<String> HOST =
      Setting.text("MADANG_HTTP_HOST", "127.0.0.1", "Interface that clients reach");
  private static final Setting<Integer> PORT = Setting.whole(
      "MADANG_HTTP_PORT", 8080, 0, 65_535, "port, 0 for any free one", "Port that clients reach");
  private static final Setting<Integer> LOOPS = Setting.whole(
      "MADANG_HTTP_LOOPS",
      0,
      0,
      256,
      "event loops, 0 for as many as processors",
      "How many event loops serve clients");
  private static final Setting<Integer> MAX_MESSAGE_BYTES = Setting.whole(
      "MADANG_WS_MAX_MESSAGE_BYTES",
      32 * 1024,
      1_024,
      16 * 1024 * 1024,
      "bytes",
      "Size of one message from a client; above it the connection is closed with 1009");
  private static final Setting<Boolean> DEFLATING = Setting.flag(
      "MADANG_WS_COMPRESSION",
      false,
      "WebSockets of /ws deflate messages for clients that offer it, which saves bytes and costs time");
  private static final Setting<Integer> MAX_BODY_BYTES = Setting.whole(
      "MADANG_HTTP_MAX_BODY_BYTES",
      64 * 1024,
      1_024,
      64 * 1024 * 1024,
      "bytes",
      "Size of one HTTP request's body; above it the answer is 413");
  private static final Setting<Integer> MAX_HEADER_BYTES = Setting.whole(
      "MADANG_HTTP_MAX_HEADER_BYTES",
      16 * 1024,
      1_024,
      1024 * 1024,
      "bytes",
      "Size of one HTTP request's headers; above it the answer is 431");
  private static final Setting<Duration> CONNECT_TIMEOUT = millis(
      "MADANG_HANDSHAKE_TIMEOUT_MS",
      15_000,
      600_000,
      "How long a new connection has for its first request, and a socket to be signed in");
  private static final Setting<Duration> KEEP_ALIVE = millis(
      "MADANG_KEEP_ALIVE_MS",
      15_000,
      600_000,
      "How long a client may be silent before it is asked for a sign of life");
  private static final Setting<Duration> CLIENT_TIMEOUT = millis(
      "MADANG_CLIENT_TIMEOUT_MS",
      30_000,
      3_600_000,
      "How long a client may be silent before it is closed with 4001");
  private static final Setting<Duration> IDLE_TIMEOUT = millis(
      "MADANG_HTTP_IDLE_TIMEOUT_MS",
      75_000,
      3_600_000,
      "How long an HTTP connection may be without a request before it is closed");
  private static final Setting<Integer> COMMANDS_PER_SECOND = count(
      "MADANG_COMMAND_RATE",
      200,
      "requests per second",
      "Requests of one connection, or of one user over HTTP, in the long run");
  private static final Setting<Integer> COMMAND_BURST = count(
      "MADANG_COMMAND_BURST",
      400,
      "requests",
      "Requests of one connection, or of one user over HTTP, at once after a pause");
  private static final Setting<Integer> USER_COMMANDS_PER_SECOND = Setting.whole(
      "MADANG_USER_COMMAND_RATE",
      400,
      0,
      1_000_000,
      "requests per second, 0 for no limit",
      "Commands, streams and subscriptions of one user over all connections and gateways, in the long run; "
          + "without Redis each event loop counts alone");
  private static final Setting<Integer> USER_COMMAND_BURST = count(
      "MADANG_USER_COMMAND_BURST",
      800,
      "requests",
      "Commands, streams and subscriptions of one user over all connections and gateways, at once after a pause");
  private static final Setting<Integer> MAX_PENDING = count(
      "MADANG_MAX_PENDING",
      256,
      "requests",
      "Requests of one connection that wait for their answer, open streams included");
  private static final Setting<Integer> MAX_PENDING_BYTES = Setting.whole(
      "MADANG_MAX_PENDING_BYTES",
      1024 * 1024,
      16 * 1024,
      Integer.MAX_VALUE,
      "bytes",
      "Arguments of one connection's requests that wait for their answer; a request above it is refused with "
          + "too-many-requests");
  private static final Setting<Integer> MAX_ASKS = count(
      "MADANG_MAX_CLIENT_QUESTIONS",
      32,
      "questions",
      "What services may have asked one client of a hub that it has not answered; above it a question fails at once");
  private static final Setting<Integer> MAX_TOPICS =
      count("MADANG_MAX_TOPICS", 1_000, "topics", "Subscriptions of one connection");
  private static final Setting<Integer> MAX_STREAM_TOPICS = Setting.whole(
      "MADANG_STREAM_TOPICS",
      20,
      1,
      100,
      "topics",
      "Topics of one event stream; each makes the id of each event some 80 bytes longer");
  private static final Setting<Integer> LAGGING_BYTES = Setting.whole(
      "MADANG_LAGGING_BYTES",
      256 * 1024,
      16 * 1024,
      Integer.MAX_VALUE,
      "bytes",
      "What is queued for a connection that reads slowly; above it it is brought no publications until it has read "
          + "most of them, then its topics continue where it stands; also what one topic brings with its answer, "
          + "the rest follows");
  private static final Setting<Duration> STALLED = millis(
      "MADANG_STALLED_MS",
      30_000,
      3_600_000,
      "How long a connection that reads too slowly may take nothing at all before it is closed with 4000");
  private static final Setting<Integer> MAX_OUTBOUND_BYTES = Setting.whole(
      "MADANG_MAX_OUTBOUND_BYTES",
      1024 * 1024,
      64 * 1024,
      Integer.MAX_VALUE,
      "bytes",
      "What is queued for a connection that does not read; above it it is closed with 4000");
  private static final Setting<Integer> MAX_RESUMED_BYTES = Setting.whole(
      "MADANG_MAX_RESUMED_BYTES",
      768 * 1024,
      16 * 1024,
      Integer.MAX_VALUE,
      "bytes",
      "What topics bring with one answer to a subscribe or resume; what one topic has more follows its answer, "
          + "and topics beyond it in a resume are refused with too-large, to be subscribed to by themselves");
  private static final Setting<Integer> ACCEPTS_PER_SECOND = count(
      "MADANG_ACCEPT_RATE",
      2_000,
      "connections per second",
      "New connections of all clients together");
  private static final Setting<Integer> CONNECTIONS_PER_ADDRESS = count(
      "MADANG_CONNECTIONS_PER_ADDRESS",
      10_000,
      "connections",
      "Connections of one network address at the same time");
  private static final Setting<Integer> CONNECTIONS_PER_USER = count(
      "MADANG_CONNECTIONS_PER_USER",
      100,
      "connections",
      "Connections of one user at the same time at this gateway");
  private static final Setting<List<AddressRange>> TRUSTED_PROXIES = Setting.of(
      "MADANG_TRUSTED_PROXIES",
      List.of(),
      "comma-separated addresses or ranges",
      "Proxies whose X-Forwarded-For, -Host and -Proto are believed",
      text -> Stream.of(text.split(","))
          .map(String::strip)
          .filter(range -> !range.isEmpty())
          .map(AddressRange::parse)
          .toList());
  private static final Setting<Optional<HubRedirect>> HUB_REDIRECT = Setting.of(
      "MADANG_SIGNALR_REDIRECT_URL",
      Optional.empty(),
      "absolute http or https address, without user, query and fragment",
      "Where clients of hubs are sent when they negotiate here, to the same hub there; they show their own token again",
      text -> Optional.of(HubRedirect.parse(text)));
  private static final Setting<Duration> LINGER = Setting.millis(
      "MADANG_TOPIC_LINGER_MS",
      Duration.ofSeconds(30),
      Duration.ZERO,
      Duration.ofMinutes(10),
      "How long a topic stays wanted after its last subscriber left");
  private static final Setting<Integer> RECENT_BYTES = Setting.whole(
      "MADANG_TOPIC_RECENT_BYTES",
      128 * 1024,
      0,
      Integer.MAX_VALUE,
      "bytes, 0 for none",
      "Newest publications of each wanted topic that are kept to serve clients that come back");
  private static final Setting<Duration> ANNOUNCE = Setting.millis(
      "MADANG_DRAIN_ANNOUNCE_MS",
      Duration.ZERO,
      Duration.ZERO,
      Duration.ofMinutes(10),
      "How long a gateway that stops goes on as before, but for saying that it is not ready");
  private static final Setting<Duration> DRAIN = millis(
      "MADANG_DRAIN_MS",
      15_000,
      600_000,
      "Over how long a gateway that stops sends its clients away, each at a random moment; few go sooner");
  private static final Setting<Duration> RESUME = Setting.millis(
      "MADANG_HUB_RESUME_MS",
      Duration.ofSeconds(15),
      Duration.ZERO,
      Duration.ofMinutes(10),
      "How long a connection of a hub waits for its client to come back with another WebSocket, 0 where none may");
  private static final Setting<Integer> REPLAY_BYTES = Setting.whole(
      "MADANG_HUB_REPLAY_BYTES",
      100_000,
      1_024,
      Integer.MAX_VALUE,
      "bytes",
      "What a connection of a hub keeps for a client that may come back; with so much unconfirmed it says no more");
  private static final Setting<Integer> ALL_REPLAY_BYTES = Setting.whole(
      "MADANG_HUB_REPLAY_ALL_BYTES",
      256 * 1024 * 1024,
      0,
      Integer.MAX_VALUE,
      "bytes",
      "What all connections of hubs keep together for clients that may come back, counted as if nothing were kept for "
          + "two; a connection that would keep more is closed, and its client begins anew");
  private static final Setting<Duration> UNREADY_AFTER = Setting.millis(
      "MADANG_MISSED_SERVICE_UNREADY_MS",
      Duration.ofSeconds(10),
      Duration.ZERO,
      Duration.ofHours(1),
      "How long a gateway that reaches no node of a service it once heard of stays ready, 0 for ever");
  private static final Setting<Duration> SEND_AWAY_AFTER = Setting.millis(
      "MADANG_MISSED_SERVICE_CLOSE_MS",
      Duration.ofSeconds(30),
      Duration.ZERO,
      Duration.ofHours(1),
      "How long a gateway that reaches no node of a service it once heard of keeps its clients, before it closes them "
          + "with 1012 for another gateway, 0 for ever");
  private static final Setting<Strictness> STRICTNESS = Setting.of(
      "MADANG_LIMITS",
      Strictness.NORMAL,
      "normal or strict",
      "With strict, a connection may make 5 requests a second and 10 at once, and a user 2 and 100, unless their own "
          + "settings say otherwise",
      GatewayConfig::readStrictness);

  public static final List<Setting<?>> SETTINGS = List.of(
      HOST,
      PORT,
      LOOPS,
      MAX_MESSAGE_BYTES,
      DEFLATING,
      MAX_BODY_BYTES,
      MAX_HEADER_BYTES,
      CONNECT_TIMEOUT,
      KEEP_ALIVE,
      CLIENT_TIMEOUT,
      IDLE_TIMEOUT,
      COMMANDS_PER_SECOND,
      COMMAND_BURST,
      USER_COMMANDS_PER_SECOND,
      USER_COMMAND_BURST,
      MAX_PENDING,
      MAX_PENDING_BYTES,
      MAX_ASKS,
      MAX_TOPICS,
      MAX_STREAM_TOPICS,
      LAGGING_BYTES,
      STALLED,
      MAX_OUTBOUND_BYTES,
      MAX_RESUMED_BYTES,
      ACCEPTS_PER_SECOND,
      CONNECTIONS_PER_ADDRESS,
      CONNECTIONS_PER_USER,
      TRUSTED_PROXIES,
      HUB_REDIRECT,
      LINGER,
      RECENT_BYTES,
      ANNOUNCE,
      DRAIN,
      RESUME,
      REPLAY_BYTES,
      ALL_REPLAY_BYTES,
      UNREADY_AFTER,
      SEND_AWAY_AFTER,
      STRICTNESS);

  public static GatewayConfig defaults() {
    return from(new Settings(Map.of()));
  }

  /** Reads the settings; problems are kept there. */
  public static GatewayConfig from(Settings settings) {
    boolean strict = settings.read(STRICTNESS) == Strictness.STRICT;
    GatewayConfig config = new GatewayConfig(
        settings.read(HOST),
        settings.read(PORT),
        settings.read(LOOPS),
        settings.read(MAX_MESSAGE_BYTES),
        settings.read(DEFLATING),
        settings.read(MAX_BODY_BYTES),
        settings.read(MAX_HEADER_BYTES),
        settings.read(CONNECT_TIMEOUT),
        settings.read(KEEP_ALIVE),
        settings.read(CLIENT_TIMEOUT),
        settings.read(IDLE_TIMEOUT),
        settings.read(
            COMMANDS_PER_SECOND,
            strict ? STRICT_COMMANDS_PER_SECOND : COMMANDS_PER_SECOND.defaultValue()),
        settings.read(COMMAND_BURST, strict ? STRICT_COMMAND_BURST : COMMAND_BURST.defaultValue()),
        settings.read(
            USER_COMMANDS_PER_SECOND,
            strict ? STRICT_USER_COMMANDS_PER_SECOND : USER_COMMANDS_PER_SECOND.defaultValue()),
        settings.read(
            USER_COMMAND_BURST,
            strict ? STRICT_USER_COMMAND_BURST : USER_COMMAND_BURST.defaultValue()),
        settings.read(MAX_PENDING),
        settings.read(MAX_PENDING_BYTES),
        settings.read(MAX_ASKS),
        settings.read(MAX_TOPICS),
        settings.read(MAX_STREAM_TOPICS),
        settings.read(LAGGING_BYTES),
        settings.read(STALLED),
        settings.read(MAX_OUTBOUND_BYTES),
        settings.read(MAX_RESUMED_BYTES),
        settings.read(ACCEPTS_PER_SECOND),
        settings.read(CONNECTIONS_PER_ADDRESS),
        settings.read(CONNECTIONS_PER_USER),
        settings.read(TRUSTED_PROXIES),
        settings.read(HUB_REDIRECT),
        settings.read(LINGER),
        settings.read(RECENT_BYTES),
        settings.read(ANNOUNCE),
        settings.read(DRAIN),
        settings.read(RESUME),
        settings.read(REPLAY_BYTES),
        settings.read(ALL_REPLAY_BYTES),
        settings.read(UNREADY_AFTER),
        settings.read(SEND_AWAY_AFTER));
    if (config.clientTimeout().compareTo(config.keepAlive()) <= 0) {
      settings.problem(CLIENT_TIMEOUT.key() + " must be above " + KEEP_ALIVE.key()
          + ", or a client is closed before it is asked.");
    }
    if (config.laggingBytes() >= config.maxOutboundBytes()) {
      settings.problem(LAGGING_BYTES.key() + " must be below " + MAX_OUTBOUND_BYTES.key()
          + ", or a client that reads slowly is closed before it is spared.");
    }
    if (config.maxResumedBytes() >= config.maxOutboundBytes()) {
      settings.problem(MAX_RESUMED_BYTES.key() + " must be below " + MAX_OUTBOUND_BYTES.key()
          + ", or the answer to a resume closes the connection that asked.");
    }
    return config;
  }

  /** What one connection may use. */
  public ConnectionLimits connectionLimits() {
    return new ConnectionLimits(
        maxMessageBytes,
        connectTimeout,
        keepAlive,
        clientTimeout,
        commandsPerSecond,
        commandBurst,
        maxPending,
        maxPendingBytes,
        maxAsks,
        maxTopics,
        laggingBytes,
        stalled,
        maxOutboundBytes,
        maxResumedBytes);
  }

  /** How fast one user may ask. */
  public UserShares.Rate userRate() {
    return new UserShares.Rate(userCommandsPerSecond, userCommandBurst);
  }

  /** How many connections there may be. */
  public Admission.Limits admissionLimits() {
    return new Admission.Limits(acceptsPerSecond, connectionsPerAddress, connectionsPerUser);
  }

  private static Setting<Duration> millis(String key, long defaultMs, long maxMs, String effect) {
    return Setting.millis(
        key,
        Duration.ofMillis(defaultMs),
        Duration.ofMillis(100),
        Duration.ofMillis(maxMs),
        effect);
  }

  private static Setting<Integer> count(String key, int defaultValue, String unit, String effect) {
    return Setting.whole(key, defaultValue, 1, 1_000_000, unit, effect);
  }

  private static Strictness readStrictness(String text) {
    return switch (text) {
      case "normal" -> Strictness.NORMAL;
      case "strict" -> Strictness.STRICT;
      default -> throw new IllegalArgumentException("must be normal or strict");
    };
  }
}
