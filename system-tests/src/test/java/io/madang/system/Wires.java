package io.madang.system;

import io.madang.testkit.SocketOwner;
import io.madang.testkit.TcpProxy;
import java.net.Socket;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What lies between the nodes of a mesh: each is found by the others at proxies before its member and its bus port, so that two
 * of them can be cut off from each other, both ways, while all others reach both.
 */
final class Wires implements AutoCloseable {
  static final int PORTS_OF_A_NODE = 4;

  private static final String NOBODY = "nobody";

  private final Map<String, End> ends = new LinkedHashMap<>();
  private final Map<Long, String> nodesByPid = new ConcurrentHashMap<>();

  /** A node's two ports, and the proxies before them. */
  private record End(int memberPort, TcpProxy member, int busPort, TcpProxy bus) {
    void cut(String who) {
      member.cut(who);
      bus.cut(who);
    }

    void heal() {
      member.heal();
      bus.heal();
    }

    void close() {
      member.close();
      bus.close();
    }
  }

  /** @param ports free ones, {@link #PORTS_OF_A_NODE} for each node */
  Wires(Collection<String> nodes, Iterator<Integer> ports) {
    for (String node : nodes) {
      int memberPort = ports.next();
      int busPort = ports.next();
      TcpProxy member = TcpProxy.between(ports.next(), memberPort, this::whose);
      TcpProxy bus = TcpProxy.between(ports.next(), busPort, this::whose);
      ends.put(node, new End(memberPort, member, busPort, bus));
    }
  }

  private String whose(Socket accepted) {
    OptionalLong pid = SocketOwner.of(accepted, nodesByPid.keySet());
    return pid.isPresent() ? nodesByPid.get(pid.getAsLong()) : NOBODY;
  }

  /** Where others find a node's member. */
  int publicMemberPort(String node) {
    return ends.get(node).member().port();
  }

  Map<String, String> settings(String node) {
    End end = ends.get(node);
    return Map.of(
        "MADANG_CLUSTER_PORT", Integer.toString(end.memberPort()),
        "MADANG_CLUSTER_PUBLIC_PORT", Integer.toString(end.member().port()),
        "MADANG_BUS_PORT", Integer.toString(end.busPort()),
        "MADANG_BUS_PUBLIC_PORT", Integer.toString(end.bus().port()));
  }

  /** Whose connections are this process's from now on. */
  void started(String node, long pid) {
    nodesByPid.put(pid, node);
  }

  /** Lets nothing pass any more between two nodes, without a word to either. */
  void cut(String one, String other) {
    ends.get(one).cut(other);
    ends.get(other).cut(one);
  }

  /** Undoes every cut. */
  void heal() {
    ends.values().forEach(End::heal);
  }

  @Override
  public void close() {
    ends.values().forEach(End::close);
  }
}
