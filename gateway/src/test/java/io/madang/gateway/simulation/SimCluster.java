package io.madang.gateway.simulation;

import io.madang.runtime.membership.Neighbours;
import io.madang.runtime.membership.NodeInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Who the cluster says is there, told to each process after a moment of its own. */
final class SimCluster {
  private record Member(SimProcess process, NodeInfo info, Neighbours.Listener listener) {}

  private final VirtualTime time;
  private final List<Member> members = new ArrayList<>();

  /** When each process is told the last thing. */
  private final Map<SimProcess, Long> told = new HashMap<>();

  SimCluster(VirtualTime time) {
    this.time = time;
  }

  Neighbours joinedBy(SimProcess process, NodeInfo info) {
    return listener -> {
      Member joining = new Member(process, info, listener);
      for (Member member : members) {
        tell(member, () -> member.listener.found(info));
        tell(joining, () -> listener.found(member.info));
      }
      members.add(joining);
    };
  }

  /** The cluster has seen that the process is over. */
  void gone(SimProcess process) {
    members.stream().filter(member -> member.process == process).toList().forEach(gone -> {
      members.remove(gone);
      members.forEach(left -> tell(left, () -> left.listener.lost(gone.info.id())));
    });
  }

  /** Two processes that are not heard of by each other for long are gone for each other. */
  void parted(SimProcess one, SimProcess other) {
    both(one, other, (listener, info) -> listener.lost(info.id()));
  }

  /** They are one cluster again. */
  void joined(SimProcess one, SimProcess other) {
    both(one, other, Neighbours.Listener::found);
  }

  private interface Telling {
    void tell(Neighbours.Listener listener, NodeInfo info);
  }

  private void both(SimProcess one, SimProcess other, Telling telling) {
    for (Member here : members) {
      for (Member there : members) {
        boolean parted = (here.process == one && there.process == other)
            || (here.process == other && there.process == one);
        if (parted && !here.process.isDead() && !there.process.isDead()) {
          tell(here, () -> telling.tell(here.listener, there.info));
        }
      }
    }
  }

  /** What the cluster tells a process, it tells in order. */
  private void tell(Member member, Runnable telling) {
    long at =
        Math.max(told.getOrDefault(member.process, 0L), time.nanos() + time.micros(500, 20_000));
    told.put(member.process, at);
    time.after(at - time.nanos(), () -> {
      if (!member.process.isDead()) {
        telling.run();
      }
    });
  }
}
