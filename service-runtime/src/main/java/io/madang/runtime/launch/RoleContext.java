package io.madang.runtime.launch;

import io.madang.runtime.health.Health;
import io.madang.runtime.mesh.Mesh;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;

/** What a role finds when it starts. */
public record RoleContext(Vertx vertx, Mesh mesh, Health health, MeterRegistry metrics) {}
