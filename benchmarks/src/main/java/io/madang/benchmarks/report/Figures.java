package io.madang.benchmarks.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** What one run showed: numbers by name, in the order they were put; latencies in microseconds; what went wrong. */
public final class Figures {
  private final Map<String, Double> numbers = new LinkedHashMap<>();
  private final Map<String, Histogram> latencies = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  public Figures put(String name, double value) {
    numbers.put(name, value);
    return this;
  }

  public Figures count(String name, long value) {
    return put(name, (double) value);
  }

  /** Keeps a latency and puts its percentiles in milliseconds. */
  public Figures latency(String name, Histogram micros) {
    latencies.put(name, micros);
    String prefix = name.isEmpty() ? "" : name + " ";
    put(prefix + "p50 ms", micros.getValueAtPercentile(50) / 1e3);
    put(prefix + "p90 ms", micros.getValueAtPercentile(90) / 1e3);
    put(prefix + "p99 ms", micros.getValueAtPercentile(99) / 1e3);
    put(prefix + "p99.9 ms", micros.getValueAtPercentile(99.9) / 1e3);
    return put(prefix + "max ms", micros.getMaxValue() / 1e3);
  }

  /** Something to know about the run that is no number. */
  public void note(String note) {
    notes.add(note);
  }

  /** Makes the run one that failed. */
  public void fail(String why) {
    failures.add(why);
  }

  public double get(String name) {
    Double value = numbers.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the run has no figure " + name);
    }
    return value;
  }

  public Map<String, Double> numbers() {
    return numbers;
  }

  public Map<String, Histogram> latencies() {
    return latencies;
  }

  public List<String> notes() {
    return notes;
  }

  public List<String> failures() {
    return failures;
  }
}
