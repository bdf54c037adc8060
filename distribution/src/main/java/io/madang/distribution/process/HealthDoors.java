package io.madang.distribution.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers, in the data directory, at which ports the processes that run on it answer an operator's questions. A line of the file is
 * the name of a process and {@code host:port}.
 *
 * <p>What stands there may be gone, after a SIGKILL say: only who answers there is there. Where the stores are somebody else's there
 * is no such directory, and nothing is written.
 */
public final class HealthDoors {
  private static final Logger LOG = LoggerFactory.getLogger(HealthDoors.class);

  /** @param address {@code host:port} */
  public record Door(String process, String address) {}

  private final Path file;

  public HealthDoors(Path dataDirectory) {
    this.file = dataDirectory.resolve("run").resolve("health");
  }

  public void remember(List<Door> doors) {
    if (!Files.isDirectory(file.getParent())) {
      return;
    }
    try {
      Files.write(
          file,
          doors.stream().map(door -> door.process() + " " + door.address()).toList());
    } catch (IOException e) {
      // Only ./madang admin would miss it, which takes an address as well.
      LOG.warn("{} cannot be written: {}", file, e.toString());
    }
  }

  public void forget() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      LOG.warn("{} cannot be deleted: {}", file, e.toString());
    }
  }

  /** Those that were written down; none when there are none, or the file cannot be read. */
  public List<Door> known() {
    List<Door> doors = new ArrayList<>();
    try {
      if (Files.isRegularFile(file)) {
        for (String line : Files.readAllLines(file)) {
          String[] words = line.strip().split(" ", -1);
          if (words.length == 2 && words[1].matches(".+:\\d{1,5}")) {
            doors.add(new Door(words[0], words[1]));
          }
        }
      }
    } catch (IOException e) {
      LOG.warn("{} cannot be read: {}", file, e.toString());
    }
    return doors;
  }
}
