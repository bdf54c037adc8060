package io.madang.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Latencies by percentile as an SVG picture: each next nine of the percentile takes as much room as the one before, each next
 * power of ten of the latency, too.
 */
public final class Plot {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 420;
  private static final int LEFT = 70;
  private static final int RIGHT = 20;
  private static final int TOP = 40;
  private static final int BOTTOM = 50;
  private static final int STEPS = 200;

  /** To 99.99 %. */
  private static final int NINES = 4;

  private static final String[] COLOURS = {
    "#1f77b4", "#d62728", "#2ca02c", "#9467bd", "#ff7f0e", "#17becf"
  };

  private final String title;
  private final Map<String, Histogram> curves;
  private final int leastPower;
  private final int mostPower;

  /** @param curves latencies in microseconds, by what they are of; those without any are left out */
  public Plot(String title, Map<String, Histogram> curves) {
    this.title = title;
    this.curves = curves;
    double most = 1;
    double least = Double.MAX_VALUE;
    for (Histogram each : curves.values()) {
      if (each.getTotalCount() > 0) {
        most = Math.max(most, each.getMaxValue() / 1e3);
        least = Math.min(least, Math.max(each.getMinValue() / 1e3, 0.01));
      }
    }
    mostPower = (int) Math.ceil(Math.log10(most));
    leastPower = Math.min(mostPower - 1, (int) Math.floor(Math.log10(least)));
  }

  public String svg() {
    List<String> parts = new ArrayList<>();
    parts.add(
        ("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                + " font-size=\"12\"><rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>")
            .formatted(WIDTH, HEIGHT));
    parts.add(text(LEFT, TOP / 2, "start", title));
    for (int power = leastPower; power <= mostPower; power++) {
      double y = y(Math.pow(10, power));
      parts.add(line(LEFT, y, WIDTH - RIGHT, y));
      parts.add(text(LEFT - 8, y + 4, "end", Report.number(Math.pow(10, power)) + " ms"));
    }
    for (int nines = 0; nines <= NINES; nines++) {
      double x = x(nines);
      parts.add(line(x, TOP, x, HEIGHT - BOTTOM));
      parts.add(text(x, HEIGHT - BOTTOM + 18, "middle", percent(nines)));
    }
    int number = 0;
    for (Map.Entry<String, Histogram> curve : curves.entrySet()) {
      if (curve.getValue().getTotalCount() > 0) {
        parts.add(curve(curve.getValue(), COLOURS[number % COLOURS.length]));
        parts.add(legend(curve.getKey(), number));
        number++;
      }
    }
    parts.add("</svg>");
    return String.join("\n", parts) + "\n";
  }

  private static String percent(int nines) {
    return nines == 0 ? "0 %" : Report.number(100 - Math.pow(10, 2 - nines)) + " %";
  }

  private String curve(Histogram micros, String colour) {
    StringBuilder points = new StringBuilder();
    for (int step = 0; step <= STEPS; step++) {
      double nines = (double) NINES * step / STEPS;
      double percentile = 100 * (1 - Math.pow(10, -nines));
      double millis = micros.getValueAtPercentile(percentile) / 1e3;
      points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(nines), y(millis)));
    }
    return "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" points=\"%s\"/>"
        .formatted(colour, points.toString().strip());
  }

  private static String legend(String name, int number) {
    String colour = COLOURS[number % COLOURS.length];
    return text(LEFT + 10, TOP + 16 + 16 * number, "start", name.isEmpty() ? "delivery" : name)
        .replace("<text", "<text fill=\"" + colour + "\"");
  }

  private static double x(double nines) {
    return LEFT + nines / NINES * (WIDTH - LEFT - RIGHT);
  }

  private double y(double millis) {
    double power = Math.max(leastPower, Math.log10(Math.max(millis, 1e-9)));
    double share = (power - leastPower) / (mostPower - leastPower);
    return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP);
  }

  private static String line(double x1, double y1, double x2, double y2) {
    return String.format(
        Locale.ROOT,
        "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>",
        x1,
        y1,
        x2,
        y2);
  }

  private static String text(double x, double y, String anchor, String words) {
    String safe = words.replace("&", "&amp;").replace("<", "&lt;");
    return String.format(
        Locale.ROOT,
        "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>",
        x,
        y,
        anchor,
        safe);
  }
}
