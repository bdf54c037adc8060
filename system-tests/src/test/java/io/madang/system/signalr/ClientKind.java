package io.madang.system.signalr;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One of Microsoft's clients in one version, as it is told to connect.
 *
 * @param version as the alias of the package ends, or the Java client's whole version
 */
public record ClientKind(
    Language language, String version, Transport transport, Protocol protocol) {
  private static final List<String> NPM_VERSIONS = List.of("10", "8", "7", "6", "3.1", "3.0");

  static final List<String> JAVA_VERSIONS = List.of("9.0.3", "8.0.6", "7.0.4", "6.0.0");

  /** What it is written for. */
  public enum Language {
    JAVASCRIPT,
    JAVA
  }

  /** What carries it, by the name that peers are told. */
  public enum Transport {
    WEB_SOCKETS("webSockets", "ws"),
    SERVER_SENT_EVENTS("serverSentEvents", "sse"),
    LONG_POLLING("longPolling", "lp");

    final String told;
    final String brief;

    Transport(String told, String brief) {
      this.told = told;
      this.brief = brief;
    }
  }

  /** How it writes messages. */
  public enum Protocol {
    JSON,
    MESSAGEPACK;

    String told() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Every version of the client for JavaScript over every transport in each protocol that the transport can carry. */
  public static List<ClientKind> npm() {
    List<ClientKind> kinds = new ArrayList<>();
    for (String version : NPM_VERSIONS) {
      for (Transport transport : Transport.values()) {
        kinds.add(new ClientKind(Language.JAVASCRIPT, version, transport, Protocol.JSON));
        if (transport != Transport.SERVER_SENT_EVENTS) {
          kinds.add(new ClientKind(Language.JAVASCRIPT, version, transport, Protocol.MESSAGEPACK));
        }
      }
    }
    return List.copyOf(kinds);
  }

  /** The newest client for JavaScript. */
  public static ClientKind newest(Transport transport, Protocol protocol) {
    return new ClientKind(Language.JAVASCRIPT, NPM_VERSIONS.get(0), transport, protocol);
  }

  /** Every version of the client for Java over each transport that it knows. */
  public static List<ClientKind> java() {
    List<ClientKind> kinds = new ArrayList<>();
    for (String version : JAVA_VERSIONS) {
      kinds.add(new ClientKind(Language.JAVA, version, Transport.WEB_SOCKETS, Protocol.JSON));
      kinds.add(new ClientKind(Language.JAVA, version, Transport.LONG_POLLING, Protocol.JSON));
    }
    return List.copyOf(kinds);
  }

  /** Whether it asks its application for a token with each request that it makes, and makes some by itself again and again. */
  public boolean asksForTokens() {
    return switch (transport) {
      case WEB_SOCKETS -> false;
      case SERVER_SENT_EVENTS -> List.of("6", "3.1").contains(version);
      case LONG_POLLING ->
        language == Language.JAVA || List.of("6", "3.1", "3.0").contains(version);
    };
  }

  /**
   * Whether it asks so only until a ping of its own fails, which happens to it or not: the pings of 3.0, which a stream sends as requests,
   * stop for good then.
   */
  public boolean mayStopAskingForTokens() {
    return transport == Transport.SERVER_SENT_EVENTS && version.equals("3.0");
  }

  /** Whether its connection may go on over another WebSocket when one is lost. */
  public boolean resumes() {
    return language == Language.JAVASCRIPT
        && transport == Transport.WEB_SOCKETS
        && List.of("10", "8").contains(version);
  }

  /** Whether it sends what it is given in the order in which it was given: the Java client posts several requests at once. */
  public boolean keepsOrder() {
    return language == Language.JAVASCRIPT || transport == Transport.WEB_SOCKETS;
  }

  /** Whether it comes back by itself when the gateway says goodbye and that it may; 3.0 takes every goodbye for the last one. */
  public boolean comesBack() {
    return language == Language.JAVASCRIPT && !version.equals("3.0");
  }

  /** A name that a guest may have. */
  public String guest() {
    return toString().replace('.', '-').replace(' ', '-');
  }

  @Override
  public String toString() {
    return "%s %s %s %s"
        .formatted(
            language == Language.JAVASCRIPT ? "npm" : "java",
            version,
            transport.brief,
            protocol == Protocol.JSON ? "json" : "mp");
  }
}
