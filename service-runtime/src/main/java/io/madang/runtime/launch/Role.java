package io.madang.runtime.launch;

import io.madang.runtime.admin.AdminAction;
import io.vertx.core.Future;
import java.util.List;

/** One thing a process can be: the gateway, or one service. Made with its configuration, started and stopped once. */
public interface Role {

  /** As on the command line: {@code gateway}, {@code chat}, … */
  String name();

  /** Starts on the mesh of this process; when the future succeeds, it serves. */
  Future<?> start(RoleContext context);

  /** What operators can have done by it, once it is started. */
  default List<AdminAction> adminActions() {
    return List.of();
  }

  /** Ends serving, then closes what it opened. Called on the starting thread's Vert.x, bounded by the launcher. */
  Future<?> stop();
}
