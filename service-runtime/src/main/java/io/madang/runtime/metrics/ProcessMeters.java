package io.madang.runtime.metrics;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import java.lang.management.ManagementFactory;

/** What every process counts of itself: heap, pauses, threads, files and processor time. Closed when it ends. */
public final class ProcessMeters implements AutoCloseable {
  private static final double NANOS_PER_SECOND = 1e9;

  /** Listens to the collectors of the JVM until it is closed. */
  private final JvmGcMetrics pauses = new JvmGcMetrics();

  public void bindTo(MeterRegistry registry) {
    pauses.bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    Gauge.builder(
            MeterNames.HEAP_BYTES,
            Runtime.getRuntime(),
            runtime -> runtime.totalMemory() - runtime.freeMemory())
        .description("Heap in use, garbage included")
        .register(registry);
    if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      FunctionCounter.builder(
              MeterNames.CPU_SECONDS, system, bean -> bean.getProcessCpuTime() / NANOS_PER_SECOND)
          .description("CPU time used by the process")
          .register(registry);
    }
  }

  @Override
  public void close() {
    pauses.close();
  }
}
