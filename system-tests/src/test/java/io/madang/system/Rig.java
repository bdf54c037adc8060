package io.madang.system;

import java.nio.file.Path;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a test holds the nodes of a mesh by: the wires between them, their wall clocks, and faults that it puts into them. */
final class Rig implements AutoCloseable {
  private final Wires wires;
  private final WallClocks clocks;

  /**
   * @param ports free ones for the wires
   * @param directory for files of the mesh
   */
  Rig(Collection<String> nodes, Iterator<Integer> ports, Path directory) {
    this.wires = new Wires(nodes, ports);
    this.clocks = new WallClocks(directory);
  }

  Map<String, String> settings(String node) {
    Map<String, String> settings = new LinkedHashMap<>(wires.settings(node));
    settings.putAll(clocks.settings(node));
    settings.put("MADANG_FAULTS", "true");
    return settings;
  }

  Wires wires() {
    return wires;
  }

  WallClocks clocks() {
    return clocks;
  }

  @Override
  public void close() {
    wires.close();
  }
}
