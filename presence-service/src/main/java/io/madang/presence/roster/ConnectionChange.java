package io.madang.presence.roster;

import java.util.Set;
import java.util.TreeSet;

/** How one connection of a gateway is to be changed. Each says how things are, so applying one twice does no harm. */
public sealed interface ConnectionChange {
  String connection();

  /** How much work it is, in steps of a store. */
  int weight();

  /** The connection is gone, and with it its user from every room it was in. */
  record Gone(String connection) implements ConnectionChange {
    @Override
    public int weight() {
      return 1;
    }
  }

  /**
   * The connection is there.
   *
   * @param user whose it is
   * @param name of the user
   * @param guest whether nobody vouches for the name
   * @param open whether the connection itself was told, not only a subscription of it
   * @param enters rooms it is in from now on
   * @param leaves rooms it is not in any more
   */
  record There(
      String connection,
      String user,
      String name,
      boolean guest,
      boolean open,
      Set<String> enters,
      Set<String> leaves)
      implements ConnectionChange {
    public There {
      enters = new TreeSet<>(enters);
      leaves = new TreeSet<>(leaves);
    }

    @Override
    public int weight() {
      return 1 + enters.size() + leaves.size();
    }
  }
}
