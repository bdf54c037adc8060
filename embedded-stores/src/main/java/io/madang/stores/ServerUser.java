package io.madang.stores;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * As whom PostgreSQL runs. It refuses to run as root, and as a user without a name, as containers
 * like to have; in both cases it is started in a user namespace of its own, where everybody is
 * nobody. Where those are forbidden, root starts it as an unprivileged user.
 *
 * @param prefix the words that stand before its commands; empty when nothing is needed
 * @param uid the owner its files must have on this host; -1 when nothing is to be changed
 */
record ServerUser(List<String> prefix, int uid) {
  private static final int ROOT = 0;

  /** The conventional user without rights; used only when the data directory belongs to root. */
  private static final int NOBODY = 65_534;

  static ServerUser of(DataDirectory data) {
    Path probe = probe(data);
    int uid = uidOf(probe);
    boolean nameless = uid != ROOT && nameOf(probe).equals(String.valueOf(uid));
    remove(probe);
    if (uid != ROOT && !nameless) {
      return new ServerUser(List.of(), -1);
    }
    if (HostCommand.installed("unshare") && HostCommand.works("unshare", "-U", "true")) {
      return new ServerUser(List.of("unshare", "-U"), nameless ? -1 : ROOT);
    }
    if (nameless) {
      throw new StoreStartException(
          "PostgreSQL refuses to run as the user %d, who has no name on this host; add the user to /etc/passwd, start Madang as another user, or set MADANG_POSTGRES_URL"
              .formatted(uid));
    }
    return unprivileged(data);
  }

  static ServerUser unprivileged(DataDirectory data) {
    int owner = uidOf(data.root());
    int uid = owner == ROOT ? NOBODY : owner;
    String[] words = {"setpriv", "--reuid=" + uid, "--regid=" + uid, "--clear-groups", "true"};
    if (!HostCommand.installed("setpriv") || !HostCommand.works(words)) {
      throw new StoreStartException(
          "PostgreSQL refuses to run as root and neither unshare nor setpriv works here; start Madang as an ordinary user, or set MADANG_POSTGRES_URL");
    }
    return new ServerUser(List.of(words).subList(0, words.length - 1), uid);
  }

  /** Whether the server is another user on this host, and so needs files and programs in its reach. */
  boolean isAnother() {
    return uid > ROOT;
  }

  /** Gives a directory and all in it to the server's user. */
  void own(Path directory) {
    if (uid < 0 || !Files.exists(directory) || uidOf(directory) == uid) {
      return;
    }
    try (Stream<Path> tree = Files.walk(directory)) {
      tree.forEach(this::ownOne);
    } catch (IOException e) {
      throw new StoreStartException("%s cannot be walked through (%s)".formatted(directory, e), e);
    }
  }

  /** Gives one file to the server's user. */
  void ownOne(Path path) {
    if (uid < 0) {
      return;
    }
    try {
      Files.setAttribute(path, "unix:uid", uid, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(path, "unix:gid", uid, LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw new StoreStartException(
          "%s cannot be given to the user %d, as whom PostgreSQL has to run (%s)"
              .formatted(path, uid, e),
          e);
    }
  }

  /** Fails with a sentence where the server's user cannot reach what it has to work on. */
  void checkReach(Path directory) {
    if (!isAnother()) {
      return;
    }
    List<String> question =
        HostCommand.join(prefix, List.of("sh", "-c", "test -x \"$1\"", "sh", directory.toString()));
    if (!HostCommand.works(question.toArray(String[]::new))) {
      throw new StoreStartException(
          "PostgreSQL has to run as the user %d, who cannot reach %s; set MADANG_DATA_DIR to a directory outside a private home, or start Madang as an ordinary user"
              .formatted(uid, directory));
    }
  }

  /** A file of our own, which shows as whom we run. */
  private static Path probe(DataDirectory data) {
    try {
      return Files.createTempFile(data.run(), "uid", "");
    } catch (IOException e) {
      throw new StoreStartException("%s cannot be written".formatted(data.run()), e);
    }
  }

  private static void remove(Path probe) {
    try {
      Files.delete(probe);
    } catch (IOException e) {
      throw new StoreStartException("%s cannot be removed".formatted(probe), e);
    }
  }

  /** The owner's name; the number itself where there is no name. */
  private static String nameOf(Path path) {
    try {
      return Files.getOwner(path).getName();
    } catch (IOException e) {
      throw new StoreStartException("The owner of %s cannot be read".formatted(path), e);
    }
  }

  private static int uidOf(Path path) {
    try {
      return (int) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      throw new StoreStartException("The owner of %s cannot be read".formatted(path), e);
    }
  }
}
