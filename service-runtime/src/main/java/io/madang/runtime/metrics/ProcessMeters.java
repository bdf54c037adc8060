package io.madang.runtime.metrics;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.lang.management.ManagementFactory;

/** What every process counts of itself: heap in use and CPU time used. */
public final class ProcessMeters {
  private static final double NANOS_PER_SECOND = 1e9;

  private ProcessMeters() {}

  public static void bindTo(MeterRegistry registry) {
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
}
