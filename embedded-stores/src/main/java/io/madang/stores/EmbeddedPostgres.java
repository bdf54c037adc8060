package io.madang.stores;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * PostgreSQL 17 with the database {@code madang}, owned by the ordinary user {@code madang}.
 *
 * <p>Text is UTF-8 in the server's own {@code C.UTF-8} locale: upper and lower case work for all of
 * Unicode, texts sort by code point, and neither depends on the locales of the host, so an index
 * stays right when the host is upgraded. Times are UTC. Passwords are asked for on loopback too, as
 * other users of the host reach it there.
 */
public final class EmbeddedPostgres extends EmbeddedStore {
  private static final int MAJOR = 17;
  private static final String USER = "madang";
  private static final String ADMIN = "postgres";
  private static final String DATABASE = "madang";
  private static final Duration INITDB_LIMIT = Duration.ofMinutes(2);

  /** Line of postmaster.pid, counted from 0, in which the server says how far it is. */
  private static final int STATUS_LINE = 7;

  private ServerUser user;
  private Path programs;

  EmbeddedPostgres(DataDirectory data, boolean ownsData, StoresOptions options) {
    super(data, ownsData, options, options.postgresPort());
  }

  /**
   * Starts PostgreSQL alone on a data directory, which is made where it is missing and locked until
   * {@link #close()}.
   *
   * @throws StoreStartException with the reason in one sentence
   */
  public static EmbeddedPostgres start(Path dataDirectory, StoresOptions options) {
    DataDirectory data = DataDirectory.open(dataDirectory);
    EmbeddedPostgres postgres = new EmbeddedPostgres(data, true, options);
    try {
      postgres.start();
      return postgres;
    } catch (RuntimeException e) {
      postgres.close();
      throw e;
    }
  }

  /** {@code postgresql://madang:…@127.0.0.1:port/madang}, for services. */
  public StoreUrl url() {
    return url(USER, "postgres", DATABASE);
  }

  /** The address of any database as the superuser, for tests and for the console. */
  public StoreUrl adminUrl(String database) {
    return url(ADMIN, "postgres-admin", database);
  }

  private StoreUrl url(String as, String secret, String database) {
    String password =
        data.secret(secret).orElseThrow(() -> new IllegalStateException("never started"));
    return new StoreUrl("postgresql", as, password, "127.0.0.1:" + port() + "/" + database);
  }

  @Override
  String label() {
    return "PostgreSQL";
  }

  @Override
  String program() {
    return "postgres";
  }

  @Override
  Path directory() {
    return data.postgres();
  }

  /** PostgreSQL's fast shutdown: open transactions end, clients are cut, all is written. */
  @Override
  String stopSignal() {
    return "INT";
  }

  @Override
  void prepare() {
    try {
      if (user == null) {
        user = ServerUser.of(data);
        programs = Programs.in(data, user.isAnother()).postgres();
      }
      openTheWay();
      if (!Files.exists(directory())) {
        make();
      }
      checkMajor();
      user.own(directory());
      user.checkReach(directory());
      if (data.secret("postgres").isEmpty() || data.secret("postgres-admin").isEmpty()) {
        setPasswords(directory(), List.of());
      }
      // Nothing of this directory runs, so the pid in it is a dead one's, or by now somebody
      // else's,
      // and PostgreSQL would refuse to start for as long as that number is in use.
      Files.deleteIfExists(directory().resolve("postmaster.pid"));
    } catch (IOException e) {
      throw new StoreStartException(
          "PostgreSQL's directory %s cannot be prepared (%s); see that it belongs to this user"
              .formatted(directory(), e),
          e);
    }
  }

  /** Another user must be able to pass through our directories; what is secret has its own mode. */
  private void openTheWay() throws IOException {
    if (user.isAnother()) {
      Files.setPosixFilePermissions(data.root(), PosixFilePermissions.fromString("rwx--x--x"));
    }
  }

  /** Makes the cluster beside its place and moves it there when it is whole. */
  private void make() throws IOException {
    Path scratch = data.root().resolve("postgres.new");
    if (Files.exists(scratch)) {
      Programs.deleteTree(scratch);
    }
    Files.createDirectory(
        scratch,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    user.own(scratch);
    user.checkReach(scratch);
    initdb(scratch);
    Path rules = scratch.resolve("pg_hba.conf");
    Files.delete(rules);
    DataDirectory.replace(
        rules,
        "# Only over loopback, always with a password.\nhost all all 127.0.0.1/32 scram-sha-256\n");
    user.ownOne(rules);
    setPasswords(
        scratch,
        List.of(
            "CREATE ROLE " + USER + " LOGIN;",
            "CREATE DATABASE " + DATABASE + " OWNER " + USER + ";"));
    Files.move(scratch, directory(), StandardCopyOption.ATOMIC_MOVE);
    DataDirectory.forceDirectory(data.root());
  }

  private void initdb(Path place) {
    List<String> command = new ArrayList<>(List.of(
        programs.resolve("initdb").toString(),
        "--pgdata=" + place,
        "--username=" + ADMIN,
        // Replaced by our own rules before the server ever listens.
        "--auth=reject",
        "--encoding=UTF8",
        "--locale=C",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--data-checksums",
        "--no-instructions"));
    if (!options.durable()) {
      command.add("--no-sync");
    }
    // Trigram and full text search still ask the C library what a letter is; in plain C, Hangul is
    // none.
    HostCommand.Outcome outcome = initdb(command, place, "C.UTF-8");
    if (!outcome.succeeded() && outcome.output().contains("locale")) {
      outcome = initdb(command, place, "C");
    }
    if (!outcome.succeeded()) {
      throw new StoreStartException("PostgreSQL cannot make its data directory %s: %s"
          .formatted(place, lastWords(outcome.output())));
    }
  }

  private HostCommand.Outcome initdb(List<String> command, Path place, String ctype) {
    List<String> words = new ArrayList<>(command);
    words.add("--lc-ctype=" + ctype);
    return HostCommand.run(HostCommand.join(user.prefix(), words), place, "", INITDB_LIMIT);
  }

  /** Runs statements and sets new passwords, by a server without network that reads its input. */
  private void setPasswords(Path place, List<String> before) {
    List<String> statements = new ArrayList<>(before);
    statements.add(
        "ALTER ROLE " + ADMIN + " PASSWORD '" + data.makeSecret("postgres-admin") + "';");
    statements.add("ALTER ROLE " + USER + " PASSWORD '" + data.makeSecret("postgres") + "';");
    List<String> command = List.of(
        programs.resolve("postgres").toString(),
        "--single",
        "-D",
        place.toString(),
        "-c",
        "fsync=" + onOff(),
        "-c",
        "password_encryption=scram-sha-256",
        "postgres");
    HostCommand.Outcome outcome = HostCommand.run(
        HostCommand.join(user.prefix(), command),
        place,
        String.join("\n", statements) + "\n",
        options.startWithin());
    boolean refused = outcome.output().contains("ERROR:") || outcome.output().contains("FATAL:");
    if (!outcome.succeeded() || refused) {
      throw new StoreStartException("PostgreSQL cannot set up the database %s: %s"
          .formatted(DATABASE, lastWords(outcome.output())));
    }
  }

  private void checkMajor() throws IOException {
    Path file = directory().resolve("PG_VERSION");
    String found = Files.exists(file) ? Files.readString(file).trim() : "none";
    if (!found.equals(String.valueOf(MAJOR))) {
      throw new StoreStartException(
          "The data directory %s was written by PostgreSQL %s and this Madang brings %d; dump and load it, or set MADANG_DATA_DIR to another directory"
              .formatted(directory(), found, MAJOR));
    }
  }

  @Override
  List<String> command(int onPort) {
    List<String> words = new ArrayList<>(
        List.of(programs.resolve("postgres").toString(), "-D", directory().toString()));
    List.of(
            "listen_addresses=127.0.0.1",
            "port=" + onPort,
            "unix_socket_directories=",
            "fsync=" + onOff(),
            "synchronous_commit=" + onOff(),
            "full_page_writes=" + onOff(),
            "max_connections=200",
            "shared_buffers=128MB",
            "timezone=UTC",
            "log_timezone=UTC",
            "password_encryption=scram-sha-256",
            "jit=off",
            "log_checkpoints=off")
        .forEach(setting -> words.addAll(List.of("-c", setting)));
    return HostCommand.join(user.prefix(), words);
  }

  @Override
  boolean answers(ServerProcess candidate, int onPort) {
    try {
      List<String> lines = Files.readAllLines(directory().resolve("postmaster.pid"));
      return lines.size() > STATUS_LINE
          && lines.get(0).trim().equals(String.valueOf(candidate.pid()))
          && lines.get(STATUS_LINE).trim().equals("ready");
    } catch (IOException e) {
      // Not written yet.
      return false;
    }
  }

  @Override
  boolean passesByItself(String complaint) {
    return complaint.contains("postmaster.pid") || complaint.contains("shared memory block");
  }

  private String onOff() {
    return options.durable() ? "on" : "off";
  }

  private static String lastWords(String output) {
    List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
    return lines.stream()
        .filter(
            line -> line.contains("error:") || line.contains("ERROR:") || line.contains("FATAL:"))
        .findFirst()
        .orElse(lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1))
        .trim();
  }
}
