package io.madang.runtime.launch;

import io.madang.runtime.service.MeshService;
import io.vertx.core.Future;
import java.util.Optional;

/** A process that is, among others, one service of the mesh. */
public final class ServiceRole implements Role {
  private final MeshService service;

  /** Null until started. */
  private RoleContext context;

  public ServiceRole(MeshService service) {
    this.service = service;
  }

  @Override
  public String name() {
    return service.descriptor().service();
  }

  @Override
  public Future<?> start(RoleContext roleContext) {
    context = roleContext;
    return context
        .mesh()
        .serve(service)
        .onSuccess(serving -> context
            .health()
            .readyWhen(
                name(),
                () -> context.mesh().isAccepting(name())
                    ? Optional.empty()
                    : Optional.of("takes no commands yet")));
  }

  @Override
  public Future<?> stop() {
    return context == null ? Future.succeededFuture() : context.mesh().withdraw(name());
  }
}
