package io.madang.runtime.inspect;

import io.madang.runtime.membership.NodeInfo;
import java.util.List;
import java.util.Map;

/**
 * What one node tells of itself and of how it sees the others.
 *
 * @param node who it is
 * @param sinceMillis when it came to be, by its own clock, in milliseconds since 1970
 * @param peers the nodes that it knows, itself too
 * @param wanted of a gateway: what it wants of each service
 * @param hosted the services it runs
 * @param topics of a gateway: how topics stand
 * @param counts what it counted since it came to be, by name; only what it counts at all
 */
public record NodeReport(
    NodeInfo node,
    long sinceMillis,
    List<Peer> peers,
    List<Wanted> wanted,
    List<Hosted> hosted,
    Standings topics,
    Map<String, Long> counts) {

  public NodeReport {
    peers = List.copyOf(peers);
    wanted = List.copyOf(wanted);
    hosted = List.copyOf(hosted);
    counts = Map.copyOf(counts);
  }

  /** The same with these topics; how many there are stays. */
  public NodeReport withShown(List<Standing> shown) {
    return new NodeReport(
        node, sinceMillis, peers, wanted, hosted, new Standings(shown, topics.matching()), counts);
  }

  /**
   * A node as another sees it.
   *
   * @param suspected whether it was not heard for so long that nothing is sent to it
   * @param silentMillis since it was heard last
   * @param accepting services it takes commands for, as it said last
   */
  public record Peer(NodeInfo node, boolean suspected, long silentMillis, List<String> accepting) {
    public Peer {
      accepting = List.copyOf(accepting);
    }
  }

  /**
   * What a gateway wants of one service.
   *
   * @param version of the set; grows with each change
   * @param topics in the set
   * @param taken the version that each node of the service said it has, by id
   */
  public record Wanted(String service, long version, int topics, Map<String, Long> taken) {
    public Wanted {
      taken = Map.copyOf(taken);
    }
  }

  /** A service on this node, and what it knows of each gateway. */
  public record Hosted(String service, boolean accepting, List<Reader> readers) {
    public Hosted {
      readers = List.copyOf(readers);
    }
  }

  /**
   * A gateway as one service node knows it.
   *
   * @param gateway its id
   * @param version of its set, 0 when none is known
   * @param topics in the set
   * @param window what is on its way there
   */
  public record Reader(String gateway, long version, int topics, Window window) {}

  /**
   * What was sent to a gateway and not acknowledged, or not sent at all.
   *
   * @param batches on their way
   * @param bytes of them, about
   * @param topicsLeftOut topics of which only the position is kept until the gateway takes more
   * @param blocked whether nothing is sent now
   */
  public record Window(int batches, long bytes, int topicsLeftOut, boolean blocked) {
    public static final Window EMPTY = new Window(0, 0, 0, false);
  }
}
