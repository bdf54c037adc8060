package io.madang.system;

import io.madang.testkit.RunningProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code curl -N} at an event stream, run again with the last id when it ends, as a script of somebody's would do. */
final class CurlStream implements AutoCloseable {
  private static final String DATA = "data: ";
  private static final String ID = "id: ";

  private final String address;
  private final String token;
  private final Path directory;
  private final List<RunningProcess> runs = new ArrayList<>();

  CurlStream(String address, String token, Path directory) {
    this.address = address;
    this.token = token;
    this.directory = directory;
    run(Optional.empty());
  }

  private void run(Optional<String> lastId) {
    List<String> command =
        new ArrayList<>(List.of("curl", "-sN", "-H", "Authorization: Bearer " + token));
    lastId.ifPresent(id -> command.addAll(List.of("-H", "Last-Event-ID: " + id)));
    command.add(address);
    runs.add(RunningProcess.startUnseen("curl", command, Map.of(), directory));
  }

  private RunningProcess last() {
    return runs.get(runs.size() - 1);
  }

  /** Runs it again if it has ended. */
  void goOn() {
    if (!last().isAlive()) {
      // What follows the last blank line is half an event, which counts for nothing.
      run(whole(last()).stream()
          .filter(line -> line.startsWith(ID))
          .reduce((before, after) -> after)
          .map(line -> line.substring(ID.length())));
    }
  }

  int runs() {
    return runs.size();
  }

  /** The data of all whole events so far. */
  List<String> heard() {
    return runs.stream()
        .flatMap(run -> whole(run).stream())
        .filter(line -> line.startsWith(DATA))
        .map(line -> line.substring(DATA.length()))
        .toList();
  }

  private static List<String> whole(RunningProcess run) {
    List<String> lines = run.lines();
    return lines.subList(0, Math.max(0, lines.lastIndexOf("")));
  }

  @Override
  public void close() {
    runs.forEach(RunningProcess::close);
  }
}
