package io.madang.system.fuzz;

import io.vertx.core.json.JsonObject;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Hubs, over each of their transports. What is no message there ends the connection, which must say why before it goes, and the next
 * input begins another. Each input is followed by a question, so that the answer to one of both is known before the next.
 */
public final class HubDoor implements FuzzedDoor {
  private enum Transport {
    WEB_SOCKET,
    EVENT_STREAM,
    POLLING
  }

  /** Without topics of their own, as everybody there would be told of each connection; one each for calls, streams and uploads. */
  private static final List<String> HUBS =
      List.of("/hubs/rooms", "/hubs/streaming", "/hubs/processing");

  private final int port;
  private final String token;
  private final Transport transport;
  private final HubFormat format;

  private HubDoor(int port, String token, Transport transport, HubFormat format) {
    this.port = port;
    this.token = token;
    this.transport = transport;
    this.format = format;
  }

  /** All that there are. */
  public static List<FuzzedDoor> all(int port, String token) {
    return List.of(
        new HubDoor(port, token, Transport.WEB_SOCKET, HubFormat.JSON),
        new HubDoor(port, token, Transport.WEB_SOCKET, HubFormat.MESSAGE_PACK),
        new HubDoor(port, token, Transport.EVENT_STREAM, HubFormat.JSON),
        new HubDoor(port, token, Transport.POLLING, HubFormat.MESSAGE_PACK));
  }

  @Override
  public List<byte[]> examples() {
    return format.examples();
  }

  @Override
  public Feeder open() {
    return switch (transport) {
      case WEB_SOCKET -> new Sockets();
      case EVENT_STREAM -> new Requests(true);
      case POLLING -> new Requests(false);
    };
  }

  /** One connection of a hub, whose handshake was said. */
  private interface Link extends AutoCloseable {
    void say(byte[] bytes) throws IOException;

    /**
     * The next that comes.
     *
     * @throws WebSocketLine.ClosedException when the connection ends as it is to end
     */
    String hear() throws IOException;

    @Override
    void close() throws IOException;
  }

  /** Whatever carries it, which is begun anew behind each end. */
  private abstract class Client implements Feeder {
    private int begun;

    /** Null when the next input needs another. */
    private Link link;

    /** Of the questions by which this knows what became of an input. */
    private long asked;

    abstract Link begin(String path) throws IOException;

    final String nextHub() {
      return HUBS.get(begun++ % HUBS.size());
    }

    @Override
    public final void message(byte[] input) throws IOException {
      if (link == null) {
        link = begin(nextHub());
      }
      String question = "asked-" + ++asked + ".";
      try {
        link.say(HubFormat.joined(format.framed(input), format.asking(question)));
        String heard = link.hear();
        while (!heard.contains(question)) {
          if (HubFormat.isEnd(heard)) {
            close();
            return;
          }
          heard = link.hear();
        }
      } catch (WebSocketLine.ClosedException e) {
        close();
        if (!HubFormat.mayBeGoodbye(input)) {
          throw new AssertionError("ended without a word by " + Arrays.toString(input), e);
        }
      } catch (IOException e) {
        throw new AssertionError("torn by " + Arrays.toString(input), e);
      }
    }

    /** Each input was waited for. */
    @Override
    public final void settle() {}

    @Override
    public void close() throws IOException {
      if (link != null) {
        link.close();
        link = null;
      }
    }
  }

  private final class Sockets extends Client {
    /** Hubs take texts and bytes alike, but a text that is none is closed by the WebSocket beneath. */
    private int kind(byte[] message) {
      byte[] text = new String(message, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
      return Arrays.equals(text, message) ? WebSocketLine.TEXT : WebSocketLine.BYTES;
    }

    @Override
    Link begin(String path) throws IOException {
      WebSocketLine line = new WebSocketLine(port, path, token);
      line.write(WebSocketLine.frame(WebSocketLine.TEXT, format.handshake()));
      return new Link() {
        @Override
        public void say(byte[] bytes) throws IOException {
          line.write(WebSocketLine.frame(kind(bytes), bytes));
        }

        @Override
        public String hear() throws IOException {
          return line.next();
        }

        @Override
        public void close() throws IOException {
          line.close();
        }
      };
    }

    /** A handshake that is none, messages of which nobody sees where they end, half a message, and frames that are wrong themselves. */
    @Override
    public void bytes(byte[] input) {
      int how = Arrays.hashCode(input) >>> 1;
      byte[] said = switch (how % 5) {
        case 0 -> input;
        case 1 -> HubFormat.joined(input, format.handshake());
        case 2 -> HubFormat.joined(format.handshake(), format.badlyFramed(input, how >> 8));
        case 3 ->
          HubFormat.joined(
              format.handshake(), Arrays.copyOf(format.framed(input), (input.length + 1) / 2));
        default -> HubFormat.joined(format.handshake(), format.framed(input));
      };
      byte[] frame = WebSocketLine.frame(kind(said), said);
      if (how % 5 == 4) {
        frame[how / 8 % Math.min(12, frame.length)] ^= (byte) (1 + how / 1_024 % 255);
      }
      try (WebSocketLine own = new WebSocketLine(port, nextHub(), token)) {
        own.write(frame);
        own.awaitReaction();
      } catch (IOException e) {
        // Ended while it was written.
      }
    }
  }

  /** What is said is posted, and heard by polls or by one stream. */
  private final class Requests extends Client {
    private final boolean isStream;

    /** For all that is answered at once; null when the next needs another. */
    private RawLine asking;

    Requests(boolean isStream) {
      this.isStream = isStream;
    }

    @Override
    Link begin(String path) throws IOException {
      String connection = path + "?id=" + negotiated(path);
      Link link = isStream ? new Stream(connection) : new Polls(connection);
      link.say(format.handshake());
      return link;
    }

    private String negotiated(String path) throws IOException {
      Answer answer = ask("POST", path + "/negotiate?negotiateVersion=1", new byte[0]);
      if (answer.status != 200) {
        throw new IOException("a negotiation is answered with " + answer);
      }
      return new JsonObject(answer.body).getString("connectionToken");
    }

    private record Answer(int status, String body) {}

    private Answer ask(String method, String path, byte[] body) throws IOException {
      boolean isFresh = asking == null;
      if (isFresh) {
        asking = new RawLine(port);
      }
      try {
        asking.write(request(method, path, body, ""));
        RawLine.Head head = asking.head();
        String said =
            new String(asking.in().readNBytes(head.bodyBytes()), StandardCharsets.ISO_8859_1);
        if (head.says("connection: close")) {
          hangUp();
        }
        HttpDoor.judge(head, method + " " + path);
        return new Answer(head.status(), said);
      } catch (IOException e) {
        hangUp();
        if (isFresh) {
          throw e;
        }
        // It was ended between two requests, as it may be; then this one was not taken.
        return ask(method, path, body);
      }
    }

    private String request(String method, String path, byte[] body, String headers) {
      return method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
          + "\r\nAuthorization: Bearer " + token + "\r\n" + headers + "Content-Length: "
          + body.length + "\r\n\r\n" + new String(body, StandardCharsets.ISO_8859_1);
    }

    private void hangUp() throws IOException {
      if (asking != null) {
        asking.close();
        asking = null;
      }
    }

    /** What both of them do to be heard. */
    private abstract class Spoken implements Link {
      final String connection;

      Spoken(String connection) {
        this.connection = connection;
      }

      /** A connection that has ended answers 404, and tells why where it is heard. */
      @Override
      public final void say(byte[] bytes) throws IOException {
        Answer answer = ask("POST", connection, bytes);
        if (answer.status != 200 && answer.status != 404) {
          throw new IOException("what is said is answered with " + answer);
        }
      }
    }

    private final class Polls extends Spoken {
      Polls(String connection) throws IOException {
        super(connection);
        String first = hear();
        if (!first.isEmpty()) {
          throw new IOException("the first poll brings " + first);
        }
      }

      @Override
      public String hear() throws IOException {
        Answer answer = ask("GET", connection, new byte[0]);
        if (answer.status == 204 || answer.status == 404) {
          throw new WebSocketLine.ClosedException(answer.toString());
        } else if (answer.status != 200) {
          throw new IOException("a poll is answered with " + answer);
        }
        return answer.body;
      }

      @Override
      public void close() throws IOException {
        Answer unused = ask("DELETE", connection, new byte[0]);
      }
    }

    private final class Stream extends Spoken {
      private final RawLine hearing = new RawLine(port);

      Stream(String connection) throws IOException {
        super(connection);
        hearing.write(request("GET", connection, new byte[0], "Accept: text/event-stream\r\n"));
        RawLine.Head head = hearing.head();
        if (head.status() != 200) {
          throw new IOException("a stream is answered with " + head.text());
        }
      }

      /** A chunk of the answer; the last is empty. */
      @Override
      public String hear() throws IOException {
        int length = Integer.parseInt(hearing.line(), 16);
        if (length == 0) {
          throw new WebSocketLine.ClosedException("the stream has ended");
        }
        String chunk = new String(hearing.in().readNBytes(length), StandardCharsets.UTF_8);
        hearing.skip("\r\n".length());
        return chunk;
      }

      @Override
      public void close() throws IOException {
        hearing.close();
      }
    }

    /** Negotiations that are none, connections that nobody has, and handshakes and requests that are wrong. */
    @Override
    public void bytes(byte[] input) throws IOException {
      String path = nextHub();
      String text =
          HttpDoor.oneLine(new String(input, StandardCharsets.ISO_8859_1)).replace(' ', '+');
      switch (Math.floorMod(Arrays.hashCode(input), 7)) {
        case 0 -> onItsOwn("POST", path + "/negotiate?negotiateVersion=" + text, new byte[0]);
        case 1 -> onItsOwn("POST", path + "/negotiate?negotiateVersion=1", input);
        case 2 -> onItsOwn("GET", path + "?id=" + text, new byte[0]);
        case 3 -> onItsOwn("POST", path + "?id=" + text, input);
        case 4 -> onItsOwn("DELETE", path + "?id=" + text, input);
        case 5 -> sayFirst(path, input);
        default ->
          sayFirst(
              path, HubFormat.joined(format.handshake(), format.badlyFramed(input, text.length())));
      }
    }

    private void onItsOwn(String method, String path, byte[] body) {
      String request = request(method, path, body, "");
      try (RawLine own = new RawLine(port)) {
        own.write(request);
        HttpDoor.judge(own.head(), request);
      } catch (EOFException e) {
        // Ended by the request.
      } catch (IOException e) {
        throw new AssertionError("nothing answers " + request, e);
      }
    }

    /** To a connection of its own, which is ended then. */
    private void sayFirst(String path, byte[] bytes) throws IOException {
      String connection = path + "?id=" + negotiated(path);
      onItsOwn("POST", connection, bytes);
      onItsOwn("DELETE", connection, new byte[0]);
    }

    @Override
    public void close() throws IOException {
      super.close();
      hangUp();
    }
  }
}
