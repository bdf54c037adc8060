package io.madang.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;

/** Which process of this machine is at the other end of a connection, as Linux tells it in {@code /proc}. */
public final class SocketOwner {
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int INODE = 9;
  private static final int HEX = 16;

  private SocketOwner() {}

  /**
   * The process that opened a connection we accepted.
   *
   * @param pids who may be it
   * @return empty when it is none of them, or gone
   */
  public static OptionalLong of(Socket accepted, Collection<Long> pids) {
    String link = "socket:[" + inode(accepted.getPort(), accepted.getLocalPort()) + "]";
    return pids.stream()
        .filter(pid -> holds(pid, link))
        .mapToLong(Long::longValue)
        .findFirst();
  }

  private static String inode(int local, int remote) {
    try {
      for (Path table : TABLES) {
        for (String line : Files.readAllLines(table)) {
          String[] cells = line.strip().split("\\s+", -1);
          if (cells.length > INODE
              && isPort(cells[LOCAL], local)
              && isPort(cells[REMOTE], remote)) {
            return cells[INODE];
          }
        }
      }
      return "none";
    } catch (IOException e) {
      throw new UncheckedIOException("the connections of this machine cannot be read", e);
    }
  }

  private static boolean isPort(String address, int port) {
    int colon = address.lastIndexOf(':');
    return colon >= 0
        && address.length() > colon + 1
        && address.matches(".*:[0-9A-F]{4}")
        && Integer.parseInt(address.substring(colon + 1), HEX) == port;
  }

  private static boolean holds(long pid, String link) {
    Path open = Path.of("/proc", Long.toString(pid), "fd");
    try (DirectoryStream<Path> files = Files.newDirectoryStream(open)) {
      for (Path file : files) {
        if (isLink(file, link)) {
          return true;
        }
      }
      return false;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("the files of process " + pid + " cannot be read", e);
    }
  }

  private static boolean isLink(Path file, String link) throws IOException {
    try {
      return Files.readSymbolicLink(file).toString().equals(link);
    } catch (NoSuchFileException e) {
      // Closed while we read.
      return false;
    }
  }
}
