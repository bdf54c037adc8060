package io.madang.runtime.launch;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.config.AdvancedNetworkConfig;
import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.ServerSocketEndpointConfig;
import com.hazelcast.core.HazelcastInstance;
import io.madang.runtime.launch.MemberList.Stay;
import io.madang.runtime.membership.Neighbours;
import io.madang.runtime.membership.NodeInfo;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/**
 * The cluster underneath: who its members are and which node each one is, told by member attributes. It holds Vert.x's own
 * maps and nothing of ours.
 */
final class HazelcastCluster implements Neighbours {
  private static final String ID = "madang.id";
  private static final String NAME = "madang.name";
  private static final String ROLES = "madang.roles";
  private static final UUID OURS = new UUID(0, 0);

  /** A member without heartbeat is out of the cluster after this; its node was suspected long before. */
  private static final int GONE_AFTER_SECONDS = 30;

  /** How often a member sends a heartbeat and looks for those of the others: what that limit may be exceeded by. */
  private static final int HEARTBEAT_SECONDS = 1;

  private final HazelcastClusterManager manager;

  /** Guarded by this, so that what is told is told in order. */
  private final MemberList members = new MemberList();

  /** Null until somebody watches; guarded by this. */
  private Listener listener;

  HazelcastCluster(NodeConfig config, NodeInfo self) {
    this.manager = new HazelcastClusterManager(configOf(config, self));
  }

  ClusterManager manager() {
    return manager;
  }

  /**
   * An event says that there is something to see, and the list of members what it is. Hazelcast brings events on one thread,
   * on which Vert.x first cleans up after a member that left, in maps of which that member may have been the owner; so an event
   * may come long after what it tells.
   */
  @Override
  public void watch(Listener watching) {
    synchronized (this) {
      listener = watching;
    }
    hazelcast().getCluster().addMembershipListener(new MembershipListener() {
      @Override
      public void memberAdded(MembershipEvent event) {
        look();
      }

      @Override
      public void memberRemoved(MembershipEvent event) {
        look();
      }
    });
    look();
  }

  @Override
  public synchronized void look() {
    if (listener == null || !hazelcast().getLifecycleService().isRunning()) {
      return;
    }
    // In the order in which they joined.
    List<Stay> present = new ArrayList<>();
    for (Member member : hazelcast().getCluster().getMembers()) {
      // Ours changes when the cluster becomes part of another; this node is there all the time.
      UUID stay = member.localMember() ? OURS : member.getUuid();
      nodeOf(member).ifPresent(node -> present.add(new Stay(stay, node)));
    }
    members.look(present, listener);
  }

  private HazelcastInstance hazelcast() {
    return manager.getHazelcastInstance();
  }

  private static Optional<NodeInfo> nodeOf(Member member) {
    String id = member.getAttribute(ID);
    if (id == null) {
      return Optional.empty();
    }
    Set<String> roles = Set.copyOf(Arrays.asList(member.getAttribute(ROLES).split(",")));
    return Optional.of(new NodeInfo(id, member.getAttribute(NAME), roles));
  }

  private static Config configOf(NodeConfig node, NodeInfo self) {
    Config config = new Config();
    config.setClusterName(node.clusterName());
    config.getMemberAttributeConfig().setAttribute(ID, self.id());
    config.getMemberAttributeConfig().setAttribute(NAME, self.name());
    config
        .getMemberAttributeConfig()
        .setAttribute(ROLES, String.join(",", new TreeSet<>(self.roles())));
    // Vert.x's own structures, as its cluster manager wants them declared.
    config.addMultiMapConfig(
        new MultiMapConfig("__vertx.subs").setBackupCount(1).setValueCollectionType("SET"));
    config.addMapConfig(new MapConfig("__vertx.haInfo").setBackupCount(1));
    config.addMapConfig(new MapConfig("__vertx.nodeInfo").setBackupCount(1));

    config.setProperty("hazelcast.logging.type", "slf4j");
    config.setProperty("hazelcast.phone.home.enabled", "false");
    config.setProperty("hazelcast.shutdownhook.enabled", "false");
    config.setProperty("hazelcast.socket.bind.any", "false");
    config.setProperty("hazelcast.wait.seconds.before.join", "0");
    config.setProperty("hazelcast.max.wait.seconds.before.join", "0");
    config.setProperty("hazelcast.max.no.heartbeat.seconds", Integer.toString(GONE_AFTER_SECONDS));
    config.setProperty("hazelcast.heartbeat.interval.seconds", Integer.toString(HEARTBEAT_SECONDS));
    config.setProperty("hazelcast.merge.first.run.delay.seconds", "10");
    config.setProperty("hazelcast.merge.next.run.delay.seconds", "10");
    config.setProperty("hazelcast.graceful.shutdown.max.wait", "10");
    // Membership is all it is used for, so few threads are enough.
    config.setProperty("hazelcast.operation.thread.count", "2");
    config.setProperty("hazelcast.operation.generic.thread.count", "2");
    config.setProperty("hazelcast.io.thread.count", "1");
    config.setProperty("hazelcast.event.thread.count", "1");
    config.getMetricsConfig().setEnabled(false);

    int publicPort = node.clusterPublicPort() == 0 ? node.clusterPort() : node.clusterPublicPort();
    ServerSocketEndpointConfig members = new ServerSocketEndpointConfig()
        .setPort(node.clusterPort())
        .setPortAutoIncrement(false)
        .setReuseAddress(true)
        .setPublicAddress(node.clusterHost() + ":" + publicPort);
    members.getInterfaces().setEnabled(true).addInterface(node.clusterHost());
    // Also so that one silent member does not silence all. On a port that any protocol may use, the
    // sender of Hazelcast spins on each connection whose other end was reached and has not answered
    // yet, a frozen process for one; while it spins, it sends nothing to anybody. On a port for
    // members alone it waits.
    AdvancedNetworkConfig network = config.getAdvancedNetworkConfig();
    network.setEnabled(true).setMemberEndpointConfig(members);
    JoinConfig join = network.getJoin();
    join.getAutoDetectionConfig().setEnabled(false);
    join.getMulticastConfig().setEnabled(false);
    if (node.clusterDns().isPresent()) {
      join.getKubernetesConfig()
          .setEnabled(true)
          .setProperty("service-dns", node.clusterDns().get())
          .setProperty("service-port", Integer.toString(node.clusterPort()));
    } else {
      join.getTcpIpConfig()
          .setEnabled(true)
          .setConnectionTimeoutSeconds(3)
          .setMembers(node.clusterMembers());
    }
    return config;
  }
}
