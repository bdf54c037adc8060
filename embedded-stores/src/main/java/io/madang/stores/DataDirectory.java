package io.madang.stores;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory that survives restarts, held by one process at a time.
 *
 * <pre>
 * FORMAT     the number of this layout
 * postgres/  PostgreSQL's own data directory
 * redis/     Redis' append-only files
 * secrets/   one password a file, readable by the owner only
 * run/       lock, logs of the servers, written configuration
 * programs/  the unpacked servers, only where the user has no cache of his own
 * </pre>
 */
final class DataDirectory implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);

  /** Number of the layout above; a directory with another one is left alone. */
  static final String FORMAT = "1";

  private static final int SECRET_LENGTH = 32;
  private static final String SECRET_LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

  /**
   * The directories held by this JVM. A lock of POSIX belongs to the process and is lost as soon as
   * the process closes any other channel on the file, so a second open in one JVM must never get as
   * far as the file: this is the one static collection, and only {@link #open} and {@link #close}
   * touch it.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path root;
  private final FileChannel channel;
  private final FileLock lock;

  /** Whether the lock was given back; guarded by this. */
  private boolean closed;

  private DataDirectory(Path root, FileChannel channel, FileLock lock) {
    this.root = root;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Makes the directory where it is missing and takes its lock.
   *
   * @throws StoreStartException when it cannot be made or written, is held by another process, or
   *     has another layout
   */
  static DataDirectory open(Path place) {
    Path root = made(place);
    if (!HELD.add(root)) {
      throw inUse(root, Optional.of(String.valueOf(ProcessHandle.current().pid())));
    }
    boolean kept = false;
    try {
      DataDirectory directory = locked(root);
      try {
        directory.checkFormat();
        kept = true;
      } finally {
        if (!kept) {
          directory.release();
        }
      }
      return directory;
    } catch (IOException e) {
      throw notWritable(root, e);
    } finally {
      if (!kept) {
        HELD.remove(root);
      }
    }
  }

  private static Path made(Path place) {
    Path absolute = place.toAbsolutePath().normalize();
    try {
      Files.createDirectories(absolute);
      Path root = absolute.toRealPath();
      Path run = root.resolve("run");
      makePrivate(root.resolve("secrets"));
      makePrivate(run);
      Files.delete(Files.createTempFile(run, "try", ""));
      return root;
    } catch (IOException e) {
      throw notWritable(absolute, e);
    }
  }

  private static DataDirectory locked(Path root) throws IOException {
    Path file = root.resolve("run").resolve("lock");
    FileChannel channel = FileChannel.open(
        file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (IOException e) {
      channel.close();
      throw new IOException("its file system knows no locks: " + e.getMessage(), e);
    }
    if (lock == null) {
      Optional<String> owner = ownerIn(channel);
      channel.close();
      throw inUse(root, owner);
    }
    channel.truncate(0);
    String pid = ProcessHandle.current().pid() + "\n";
    channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
    return new DataDirectory(root, channel, lock);
  }

  private static Optional<String> ownerIn(FileChannel channel) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(32);
    channel.read(bytes, 0);
    String pid = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII).trim();
    return pid.isEmpty() ? Optional.empty() : Optional.of(pid);
  }

  private static DataDirectoryInUseException inUse(Path root, Optional<String> pid) {
    String who = pid.map(number -> "the process " + number).orElse("another process");
    return new DataDirectoryInUseException(
        "The data directory %s is in use by %s; stop that one, or set MADANG_DATA_DIR to another directory"
            .formatted(root, who));
  }

  private static StoreStartException notWritable(Path root, IOException cause) {
    String reason = cause.getClass().getSimpleName() + " " + cause.getMessage();
    if (cause instanceof AccessDeniedException) {
      reason = "permission denied";
    } else if (cause instanceof FileSystemException fault && fault.getReason() != null) {
      reason = fault.getReason();
    }
    return new StoreStartException(
        "The data directory %s cannot be written (%s); make it writable for this user, or set MADANG_DATA_DIR to another directory"
            .formatted(root, reason),
        cause);
  }

  private void checkFormat() throws IOException {
    Path file = root.resolve("FORMAT");
    if (!Files.exists(file)) {
      if (Files.exists(postgres()) || Files.exists(redis())) {
        throw new StoreStartException(
            "The directory %s has a postgres or redis directory that Madang did not make; set MADANG_DATA_DIR to another directory"
                .formatted(root));
      }
      replace(file, FORMAT + "\n");
      return;
    }
    String found = Files.readString(file).trim();
    if (!found.equals(FORMAT)) {
      throw new StoreStartException(
          "The data directory %s has format %s and this Madang knows %s; start the Madang that wrote it, or set MADANG_DATA_DIR to another directory"
              .formatted(root, found.isEmpty() ? "(empty)" : found, FORMAT));
    }
  }

  Path root() {
    return root;
  }

  Path postgres() {
    return root.resolve("postgres");
  }

  Path redis() {
    return root.resolve("redis");
  }

  Path run() {
    return root.resolve("run");
  }

  Path programs() {
    return root.resolve("programs");
  }

  /** The password of that name, if it was made before. */
  Optional<String> secret(String name) {
    Path file = root.resolve("secrets").resolve(name);
    try {
      if (!Files.exists(file)) {
        return Optional.empty();
      }
      String secret = Files.readString(file).trim();
      return secret.isEmpty() ? Optional.empty() : Optional.of(secret);
    } catch (IOException e) {
      throw notWritable(file, e);
    }
  }

  /** Makes a password and keeps it, readable by the owner only. */
  String makeSecret(String name) {
    SecureRandom random = new SecureRandom();
    StringBuilder secret = new StringBuilder(SECRET_LENGTH);
    for (int i = 0; i < SECRET_LENGTH; i++) {
      secret.append(SECRET_LETTERS.charAt(random.nextInt(SECRET_LETTERS.length())));
    }
    try {
      replace(root.resolve("secrets").resolve(name), secret + "\n");
      return secret.toString();
    } catch (IOException e) {
      throw notWritable(root, e);
    }
  }

  /** Writes a file that only its owner may read, whole or not at all, and on the disk on return. */
  static void replace(Path file, String content) throws IOException {
    Path scratch = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(scratch);
    Set<PosixFilePermission> ownerOnly = PosixFilePermissions.fromString("rw-------");
    FileAttribute<Set<PosixFilePermission>> mode = PosixFilePermissions.asFileAttribute(ownerOnly);
    try (FileChannel out = FileChannel.open(
        scratch, Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW), mode)) {
      ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    Files.move(scratch, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    forceDirectory(file.getParent());
  }

  /** Puts the names in a directory on the disk, so that a rename outlives a loss of power. */
  static void forceDirectory(Path directory) throws IOException {
    try (FileChannel names = FileChannel.open(directory, StandardOpenOption.READ)) {
      names.force(true);
    }
  }

  private static void makePrivate(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
  }

  /** Gives the lock back; a second call does nothing. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    release();
    HELD.remove(root);
  }

  private void release() {
    try {
      lock.release();
      channel.close();
    } catch (IOException e) {
      LOG.warn("The lock of {} could not be given back", root, e);
    }
  }
}
