package io.madang.stores;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tukaani.xz.XZInputStream;

/**
 * The programs of the two servers, taken out of their jars once and kept for every later start.
 *
 * <p>Each version lies in a directory of its own whose name carries the checksum of what it came
 * from. It is unpacked beside its place and moved there whole, so what has the name is complete, and
 * two processes may unpack at the same time.
 */
final class Programs {
  private static final Logger LOG = LoggerFactory.getLogger(Programs.class);
  private static final String REDIS_VERSION = "7.0.15";

  private final Path home;

  private Programs(Path home) {
    this.home = home;
  }

  /**
   * Chooses where the programs are kept: the cache of this user, so that many data directories share
   * them, else the data directory.
   *
   * @param own whether they must lie in the data directory, because the server runs as a user who
   *     does not reach our home
   */
  static Programs in(DataDirectory data, boolean own) {
    if (!own) {
      Path cache = Path.of(System.getProperty("user.home", ""), ".cache", "madang", "programs");
      try {
        Files.createDirectories(cache);
        if (cache.isAbsolute() && Files.isWritable(cache)) {
          return new Programs(cache);
        }
      } catch (IOException e) {
        LOG.debug("Programs are kept in the data directory, as {} cannot be used", cache, e);
      }
    }
    return new Programs(data.programs());
  }

  /** The directory with {@code initdb} and {@code postgres}. */
  Path postgres() {
    String platform = isMac() ? "darwin" : "linux";
    String machine = isArm() ? "arm_64" : "x86_64";
    String resource = "postgres-" + platform + "-" + machine + ".txz";
    return unpacked("postgres", resource, Programs::untar).resolve("bin");
  }

  /** The server program of Redis. */
  Path redis() {
    String platform = isMac() ? "darwin" : "linux";
    String machine = isArm() ? "arm64" : "amd64";
    String resource = "redis-server-" + REDIS_VERSION + "-" + platform + "-" + machine;
    return unpacked("redis", resource, Programs::copy).resolve("redis-server");
  }

  private interface Unpacking {
    void unpack(InputStream in, Path directory) throws IOException;
  }

  private Path unpacked(String name, String resource, Unpacking unpacking) {
    URL source = Programs.class.getClassLoader().getResource(resource);
    if (source == null) {
      throw new StoreStartException(
          "No %s for %s on %s is part of this build; run one yourself and set its MADANG_…_URL"
              .formatted(name, System.getProperty("os.name"), System.getProperty("os.arch")));
    }
    Path place = home;
    try {
      URLConnection connection = source.openConnection();
      connection.setUseCaches(false);
      place = home.resolve(name + "-" + mark(connection));
      if (Files.isDirectory(place)) {
        closeQuietly(connection);
        return place;
      }
      unpackBeside(connection, place, unpacking);
      return place;
    } catch (IOException e) {
      throw new StoreStartException(
          "%s cannot be unpacked to %s (%s); make room there or make it writable"
              .formatted(name, place, e),
          e);
    }
  }

  private static void unpackBeside(URLConnection connection, Path place, Unpacking unpacking)
      throws IOException {
    Files.createDirectories(place.getParent());
    Path scratch = Files.createTempDirectory(place.getParent(), ".unpacking-");
    try {
      try (InputStream in = new BufferedInputStream(connection.getInputStream(), 1 << 16)) {
        unpacking.unpack(in, scratch);
      }
      // A temporary directory is private, and a server under another user has to read this one.
      Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.move(scratch, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException | java.nio.file.DirectoryNotEmptyException e) {
      LOG.debug("{} was unpacked by another process at the same time", place);
    } catch (java.nio.file.FileSystemException e) {
      if (!Files.isDirectory(place)) {
        throw e;
      }
    } finally {
      if (Files.exists(scratch)) {
        deleteTree(scratch);
      }
    }
  }

  /** Names the content without reading it: the checksum in the jar's index, else the length. */
  private static String mark(URLConnection connection) throws IOException {
    if (connection instanceof JarURLConnection jar) {
      return Long.toHexString(jar.getJarEntry().getCrc());
    }
    return "l" + connection.getContentLengthLong();
  }

  private static void closeQuietly(URLConnection connection) throws IOException {
    connection.getInputStream().close();
  }

  private static void copy(InputStream in, Path directory) throws IOException {
    Path file = directory.resolve("redis-server");
    Files.copy(in, file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void untar(InputStream in, Path directory) throws IOException {
    try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(in))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        Path target = directory.resolve(entry.getName()).normalize();
        if (!target.startsWith(directory)) {
          throw new IOException("the archive names a path outside itself: " + entry.getName());
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
          continue;
        }
        Files.createDirectories(target.getParent());
        if (entry.isSymbolicLink()) {
          Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
          Files.createLink(target, directory.resolve(entry.getLinkName()));
        } else {
          Files.copy(tar, target);
          boolean runs = (entry.getMode() & 0100) != 0;
          Files.setPosixFilePermissions(
              target, PosixFilePermissions.fromString(runs ? "rwxr-xr-x" : "rw-r--r--"));
        }
      }
    }
  }

  static void deleteTree(Path root) throws IOException {
    try (Stream<Path> tree = Files.walk(root)) {
      for (Path path : tree.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }

  private static boolean isMac() {
    return System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac");
  }

  private static boolean isArm() {
    String arch = System.getProperty("os.arch");
    return "aarch64".equals(arch) || "arm64".equals(arch);
  }
}
