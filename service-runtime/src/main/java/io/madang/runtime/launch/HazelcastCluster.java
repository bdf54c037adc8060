package io.madang.runtime.launch;

import com.hazelcast.cluster.Member;
import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MultiMapConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.core.HazelcastInstance;
import io.madang.runtime.membership.NodeInfo;
import io.madang.runtime.mesh.Neighbours;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The cluster underneath: who its members are and which node each one is, told by member attributes. It holds Vert.x's own
 * maps and nothing of ours.
 */
final class HazelcastCluster implements Neighbours {
  private static final String ID = "madang.id";
  private static final String NAME = "madang.name";
  private static final String ROLES = "madang.roles";

  /** A member without heartbeat is out of the cluster after this; its node was suspected long before. */
  private static final int GONE_AFTER_SECONDS = 30;

  private final HazelcastClusterManager manager;

  HazelcastCluster(NodeConfig config, NodeInfo self) {
    this.manager = new HazelcastClusterManager(configOf(config, self));
  }

  ClusterManager manager() {
    return manager;
  }

  @Override
  public void watch(Listener listener) {
    HazelcastInstance hazelcast = manager.getHazelcastInstance();
    hazelcast.getCluster().addMembershipListener(new MembershipListener() {
      @Override
      public void memberAdded(MembershipEvent event) {
        nodeOf(event.getMember()).ifPresent(listener::found);
      }

      @Override
      public void memberRemoved(MembershipEvent event) {
        nodeOf(event.getMember()).ifPresent(node -> listener.lost(node.id()));
      }
    });
    hazelcast
        .getCluster()
        .getMembers()
        .forEach(member -> nodeOf(member).ifPresent(listener::found));
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
    config.setProperty("hazelcast.merge.first.run.delay.seconds", "10");
    config.setProperty("hazelcast.merge.next.run.delay.seconds", "10");
    config.setProperty("hazelcast.graceful.shutdown.max.wait", "10");
    // Membership is all it is used for, so few threads are enough.
    config.setProperty("hazelcast.operation.thread.count", "2");
    config.setProperty("hazelcast.operation.generic.thread.count", "2");
    config.setProperty("hazelcast.io.thread.count", "1");
    config.setProperty("hazelcast.event.thread.count", "1");
    config.getMetricsConfig().setEnabled(false);

    NetworkConfig network = config.getNetworkConfig();
    network.setPort(node.clusterPort());
    network.setPortAutoIncrement(false);
    network.setReuseAddress(true);
    int publicPort = node.clusterPublicPort() == 0 ? node.clusterPort() : node.clusterPublicPort();
    network.setPublicAddress(node.clusterHost() + ":" + publicPort);
    network.getInterfaces().setEnabled(true).addInterface(node.clusterHost());
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
