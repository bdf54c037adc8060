package io.madang.gateway.edge.websocket.wire;

import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The request by which a WebSocket begins, and its answer (RFC 6455, section 4.2). */
public final class Handshake {
  /** Of the RFC; part of what the client's key is answered with. */
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private static final String VERSION = "13";
  private static final int KEY_BYTES = 16;
  private static final int UPGRADE_REQUIRED = 426;

  private final String key;
  private final Optional<String> subprotocol;
  private final boolean deflates;

  private Handshake(String key, Optional<String> subprotocol, boolean deflates) {
    this.key = key;
    this.subprotocol = subprotocol;
    this.deflates = deflates;
  }

  /** A request that cannot become a WebSocket; carries the answer and no stack. */
  public static final class NoHandshakeException extends Exception {
    private static final long serialVersionUID = 1;

    private final int status;
    private final transient Failure failure;

    NoHandshakeException(int status, String message) {
      super(message, null, false, false);
      this.status = status;
      this.failure = Failure.of(ErrorCode.BAD_REQUEST, message);
    }

    /** Of the HTTP answer. */
    public int status() {
      return status;
    }

    public Failure failure() {
      return failure;
    }
  }

  /**
   * Reads a request; what its answer needs beside the status is set as headers of its response.
   *
   * @param subprotocols that are spoken here; the first of them that the client offers is chosen
   * @param mayDeflate whether messages are deflated for a client that offers it
   */
  public static Handshake of(
      HttpServerRequest request, List<String> subprotocols, boolean mayDeflate)
      throws NoHandshakeException {
    MultiMap headers = request.headers();
    if (request.version() != HttpVersion.HTTP_1_1
        || !request.method().equals(HttpMethod.GET)
        || !hasToken(headers, "Upgrade", "websocket")
        || !hasToken(headers, "Connection", "upgrade")) {
      throw new NoHandshakeException(400, "This address takes WebSockets only.");
    }
    if (!VERSION.equals(headers.get("Sec-WebSocket-Version"))) {
      request.response().putHeader("Sec-WebSocket-Version", VERSION);
      throw new NoHandshakeException(
          UPGRADE_REQUIRED, "This address takes WebSockets of version 13.");
    }
    if (headers.contains("Transfer-Encoding")
        || !value(headers, "Content-Length").orElse("0").equals("0")) {
      throw new NoHandshakeException(400, "A WebSocket begins with a request without a body.");
    }
    String key = value(headers, "Sec-WebSocket-Key").orElse("");
    if (!isKey(key)) {
      throw new NoHandshakeException(400, "A WebSocket begins with a key of 16 bytes in base64.");
    }
    return new Handshake(
        key,
        chosen(headers, subprotocols),
        mayDeflate && Deflation.isOffered(headers.getAll("Sec-WebSocket-Extensions")));
  }

  private static boolean isKey(String key) {
    try {
      return Base64.getDecoder().decode(key).length == KEY_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Optional<String> value(MultiMap headers, String name) {
    return Optional.ofNullable(headers.get(name)).map(String::strip);
  }

  private static boolean hasToken(MultiMap headers, String name, String token) {
    return tokens(headers, name).stream().anyMatch(token::equalsIgnoreCase);
  }

  private static List<String> tokens(MultiMap headers, String name) {
    return headers.getAll(name).stream()
        .flatMap(header -> List.of(header.split(",", -1)).stream())
        .map(String::strip)
        .toList();
  }

  private static Optional<String> chosen(MultiMap headers, List<String> subprotocols) {
    List<String> offered = tokens(headers, "Sec-WebSocket-Protocol");
    return subprotocols.stream().filter(offered::contains).findFirst();
  }

  /** Whether messages are deflated in both directions. */
  boolean deflates() {
    return deflates;
  }

  /** The head of the answer that makes the connection a WebSocket, with the headers already set for it. */
  byte[] answer(MultiMap headers) {
    StringBuilder head = new StringBuilder(512)
        .append("HTTP/1.1 101 Switching Protocols\r\n")
        .append("Upgrade: websocket\r\nConnection: Upgrade\r\n")
        .append("Sec-WebSocket-Accept: ")
        .append(accept(key))
        .append("\r\n");
    subprotocol.ifPresent(
        chosen -> head.append("Sec-WebSocket-Protocol: ").append(chosen).append("\r\n"));
    if (deflates) {
      head.append("Sec-WebSocket-Extensions: ").append(Deflation.ANSWER).append("\r\n");
    }
    for (Map.Entry<String, String> header : headers) {
      head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  static String accept(String key) {
    try {
      // The RFC's choice; it protects nothing, it only shows that we know the protocol.
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      return Base64.getEncoder()
          .encodeToString(sha1.digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }
}
