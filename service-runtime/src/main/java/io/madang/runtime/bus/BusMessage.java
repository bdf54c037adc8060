package io.madang.runtime.bus;

import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.command.Refusal;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.service.StreamCall;
import io.madang.runtime.service.UploadCall;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything one node says to another. Nothing is answered by the bus itself: an {@link Ask} is answered by an
 * {@link Answer}, interest by {@link InterestTaken}.
 */
public sealed interface BusMessage {

  /** One method per message: adding one breaks every receiver at compile time. */
  interface Handler {
    void on(Beat message);

    void on(Interest message);

    void on(InterestTaken message);

    void on(InterestWanted message);

    void on(Batch message);

    void on(BatchTaken message);

    void on(Ask message);

    void on(Answer message);

    void on(StreamOpen message);

    void on(StreamControl message);

    void on(StreamItem message);

    void on(StreamEnd message);

    void on(UploadOpen message);

    void on(UploadItem message);

    void on(UploadEnd message);

    void on(UploadCredit message);

    void on(UploadProgress message);

    void on(UploadDone message);

    void on(Note message);

    void on(Relayed message);
  }

  void dispatch(Handler handler);

  /**
   * A sign of life, twice a second to every node.
   *
   * @param clockMs what the node's forward-only clock showed
   * @param accepting services the node takes commands for now
   * @param interest of a gateway: its set per service, so that a difference that went unseen is found
   */
  record Beat(NodeInfo from, long clockMs, List<String> accepting, List<InterestDigest> interest)
      implements BusMessage {
    @Override
    public void dispatch(Handler handler) {
      handler.on(this);
    }
  }

  /** Version and hash of a gateway's set of topics of one service. */
  record InterestDigest(String service, long version, long hash) {}

  /**
   * A change of a gateway's set of subscribed topics of one service, or the whole set.
   *
   * @param baseVersion the version it builds on; 0 when {@code added} is the whole set
   */
  record Interest(
      String gateway,
      String service,
      long baseVersion,
      long version,
      List<Topic> added,
      List<Topic> removed)
      implements BusMessage {
    @Override
    public void dispatch(Handler handler) {
      handler.on(this);
    }
  }

  /** A service node has the gateway's set in this version: what is published from now on comes. */
  record InterestTaken(String node, String service, long version) implements BusMessage {
    @Override
    public void dispatch(Handler handler) {
      handler.on(this);
    }
  }

  /** A service node wants a gateway's whole set. */
  record InterestWanted(String node, String service) implements BusMessage {
    @Override
    public void dispatch(Handler handler) {
      handler.on(this);
    }
  }

  /**
   * Publications for one gateway, in the order they were published by that node, and where topics stand of which some were left
   * out. Acknowledged by {@link BatchTaken}; sent again, as it was, until it is.
   *
   * @param life of the numbers: a larger one begins anew, at 1
   * @param number of the batch in that life
   * @param floor no batch below this number is sent again
   * @param newest topics of which publications were left out, and their positions with the newest of them
   * @param othersLeftOut whether publications of topics beside those of {@code newest} were left out
   */
  record Batch(
      String node,
      String service,
      long life,
      long number,
      long floor,
      List<Publication> publications,
      Map<Topic, StreamPosition> newest,
      boolean othersLeftOut)
      implements BusMessage {

    /** The same batch, sent again later. */
    public Batch withFloor(long laterFloor) {
      return new Batch(
          node, service, life, number, laterFloor, publications, newest, othersLeftOut);
    }

    @Override
    public void dispatch(Handler handler) {
      handler.on(this);
    }
  }

  /** All connection loops of a gateway have these batches of that life. */
  record BatchTaken(String gateway, String service, long life, List<Long> numbers)
      implements BusMessage {
    @Override
    public void dispatch(Handler handler) {
      handler.on(this);
    }
  }

  /**
   * Asks a service or the node itself.
   *
   * @param service who is asked; empty when the node itself is
   * @param budgetMs what is worth nothing this many milliseconds after it came; the receiver does not begin it then
   * @param beginUntilMs by the receiver's forward-only clock, as its beats told it: the asker has given up after it, and the
   *     receiver does not begin it; {@link #NO_LIMIT} when the clock is not known
   * @param place of a command that must be begun in order
   */
  record Ask(
      long id,
      String from,
      String service,
      int budgetMs,
      long beginUntilMs,
      Optional<Place> place,
      Question question)
      implements BusMessage {
    public static final long NO_LIMIT = Long.MAX_VALUE;

    @Override
    public void dispatch(Handler handler) {
      handler.on(this);
    }
  }

  record Answer(long id, Reply reply) implements BusMessage {
    @Override
    public void dispatch(Handler handler) {
      handler.on(this);
    }
  }

  /** Opens a stream; {@code id} is the reader's, unique on its node. */
  record StreamOpen(String from, long id, String service, StreamCall call, int credit)
      implements BusMessage {
    @Override
    public void dispatch(Handler handler) {
      handler.on(this);
    }
  }

  /** More items are wanted, or none any more ({@code credit} 0). */
  record StreamControl(String from, long id, String service, int credit) implements BusMessage {
    @Override
    public void dispatch(Handler handler) {
      handler.on(this);
    }
  }

  record StreamItem(long id, Payload item) implements BusMessage {
    @Override
    public void dispatch(Handler handler) {
      handler.on(this);
    }
  }

  /** The stream is over; badly when there is a refusal. */
  record StreamEnd(long id, Optional<Refusal> refusal) implements BusMessage {
    @Override
    public void dispatch(Handler handler) {
      handler.on(this);
    }
  }

  /** Opens an upload; {@code id} is the sender's, unique on its node. */
  record UploadOpen(String from, long id, String service, UploadCall call) implements BusMessage {
    @Override
    public void dispatch(Handler handler) {
      handler.on(this);
    }
  }

  /** @param number of the item in its upload, from 1 on: the bus may lose one without a word */
  record UploadItem(String from, long id, String service, long number, Payload item)
      implements BusMessage {
    @Override
    public void dispatch(Handler handler) {
      handler.on(this);
    }
  }

  /**
   * No more items come.
   *
   * @param whole whether all were sent; if not, the sender gave up and wants no answer
   * @param items how many were sent
   */
  record UploadEnd(String from, long id, String service, boolean whole, long items)
      implements BusMessage {
    @Override
    public void dispatch(Handler handler) {
      handler.on(this);
    }
  }

  /** So many more items of an upload may be sent. */
  record UploadCredit(long id, int items) implements BusMessage {
    @Override
    public void dispatch(Handler handler) {
      handler.on(this);
    }
  }

  /** What a service tells of an upload while it takes it. */
  record UploadProgress(long id, Payload item) implements BusMessage {
    @Override
    public void dispatch(Handler handler) {
      handler.on(this);
    }
  }

  /** The upload is answered, whether or not all of it was sent. */
  record UploadDone(long id, CommandOutcome outcome) implements BusMessage {
    @Override
    public void dispatch(Handler handler) {
      handler.on(this);
    }
  }

  /**
   * Something that nodes of one kind tell each other, which is worth something at once and lost without harm.
   *
   * @param subject who of the receiver hears it
   */
  record Note(String from, String subject, Payload body) implements BusMessage {
    @Override
    public void dispatch(Handler handler) {
      handler.on(this);
    }
  }

  /** What one gateway says to another about a client that came to the wrong one; only they know what it means. */
  record Relayed(String from, Payload word) implements BusMessage {
    @Override
    public void dispatch(Handler handler) {
      handler.on(this);
    }
  }
}
