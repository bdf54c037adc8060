package io.madang.protocol.frame;

import io.madang.protocol.json.RawJson;
import java.util.List;
import java.util.Optional;

/**
 * Everything a client may say. {@code ref} is the client's own number for a request, from 1 to {@link #MAX_REF}; the
 * answer carries it. A ref may be used again when its request has been answered.
 */
public sealed interface ClientFrame {
  /** The largest integer every JSON implementation holds exactly. */
  long MAX_REF = (1L << 53) - 1;

  /** Stands for no ref, where a frame may go without. */
  long NO_REF = 0;

  long ref();

  <R> R dispatch(Handler<R> handler);

  /** One method per frame. */
  interface Handler<R> {
    R on(Connect frame);

    R on(Subscribe frame);

    R on(Resume frame);

    R on(Unsubscribe frame);

    R on(Command frame);

    R on(Stream frame);

    R on(Cancel frame);

    R on(More frame);

    R on(Upload frame);

    R on(UploadItem frame);

    R on(UploadEnd frame);

    R on(Refresh frame);

    R on(Ping frame);
  }

  /**
   * Signs in, or asks who the socket's own credentials signed in. Answer: {@link ServerFrame.Connected}.
   *
   * @param token empty if header, cookie or subprotocol carried it
   */
  record Connect(long ref, Optional<String> token) implements ClientFrame {
    public Connect {
      Bounds.ref(ref);
      token.ifPresent(Bounds::token);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }

    /** Leaves the token out, since frames get into logs. */
    @Override
    public String toString() {
      return "Connect[ref=" + ref + ", token=" + token.map(hidden -> "***") + "]";
    }
  }

  /**
   * Wants a topic's publications. Answer: {@link ServerFrame.Subscribed}.
   *
   * @param since what the client has already; empty for from now on
   */
  record Subscribe(long ref, String topic, Optional<StreamPosition> since) implements ClientFrame {
    public Subscribe {
      Bounds.ref(ref);
      Bounds.topic(topic);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Wants many topics from where the client left them. Answer: {@link ServerFrame.Resumed}. */
  record Resume(long ref, List<TopicPosition> topics) implements ClientFrame {
    public Resume {
      Bounds.ref(ref);
      topics = List.copyOf(topics);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Wants no more of a topic. Answer: {@link ServerFrame.Unsubscribed}. */
  record Unsubscribe(long ref, String topic) implements ClientFrame {
    public Unsubscribe {
      Bounds.ref(ref);
      Bounds.topic(topic);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /**
   * Asks one service for one thing. Answer: {@link ServerFrame.Reply}.
   *
   * @param id the same for every attempt at the same thing, so that it happens once, in the form of a {@link CommandId};
   *     empty lets the gateway make one, which protects the gateway's own retries only
   * @param args an object by name or an array by position
   */
  record Command(long ref, String service, String name, Optional<String> id, RawJson args)
      implements ClientFrame {
    public Command {
      Bounds.ref(ref);
      Bounds.name("service", service);
      Bounds.name("name", name);
      id.ifPresent(CommandId::check);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Opens a stream of items. Answers: {@link ServerFrame.Item} as credit allows, then {@link ServerFrame.Complete}. */
  record Stream(long ref, String service, String name, RawJson args) implements ClientFrame {
    public Stream {
      Bounds.ref(ref);
      Bounds.name("service", service);
      Bounds.name("name", name);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Ends the stream or upload opened with this ref, which is then answered by {@link ServerFrame.Complete}. */
  record Cancel(long ref) implements ClientFrame {
    public Cancel {
      Bounds.ref(ref);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Lets the stream opened with this ref send so many items more. */
  record More(long ref, int items) implements ClientFrame {
    public More {
      Bounds.ref(ref);
      if (items < 1) {
        throw new IllegalArgumentException("items must be a positive integer");
      }
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Opens an upload; the gateway gives credit with {@link ServerFrame.More} and ends with {@link ServerFrame.Reply}. */
  record Upload(long ref, String service, String name, RawJson args) implements ClientFrame {
    public Upload {
      Bounds.ref(ref);
      Bounds.name("service", service);
      Bounds.name("name", name);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** One item of the upload opened with this ref; costs one credit. Bytes go as a base64 string. */
  record UploadItem(long ref, RawJson item) implements ClientFrame {
    public UploadItem {
      Bounds.ref(ref);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** The upload opened with this ref is whole. */
  record UploadEnd(long ref) implements ClientFrame {
    public UploadEnd {
      Bounds.ref(ref);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** Brings a newer token of the same user before the old one ends. Answer: {@link ServerFrame.Refreshed}. */
  record Refresh(long ref, String token) implements ClientFrame {
    public Refresh {
      Bounds.ref(ref);
      Bounds.token(token);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }

    /** Leaves the token out, since frames get into logs. */
    @Override
    public String toString() {
      return "Refresh[ref=" + ref + ", token=***]";
    }
  }

  /**
   * Asks for a sign of life. Answer: {@link ServerFrame.Pong}.
   *
   * @param ref {@link #NO_REF} if the client does not care which pong answers it
   */
  record Ping(long ref) implements ClientFrame {
    public Ping {
      Bounds.optionalRef(ref);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }
}
