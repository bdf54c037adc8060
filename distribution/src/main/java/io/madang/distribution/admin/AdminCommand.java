package io.madang.distribution.admin;

import io.madang.distribution.console.Console;
import io.madang.distribution.process.ExitCode;
import io.madang.distribution.process.HealthDoors;
import io.madang.distribution.process.HealthDoors.Door;
import io.madang.distribution.process.LaunchConfig;
import io.madang.runtime.config.Settings;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code madang admin}: asks a process that runs how the mesh stands, and shows what it says. Blocks its own main thread. Ends with
 * {@link ExitCode#ORDERLY} when an answer was shown, {@link ExitCode#BAD_SETTINGS} when the words make no sense, and
 * {@link ExitCode#FAILED} when no process answers, or one refuses.
 */
public final class AdminCommand {
  private static final int CONNECT_LIMIT_MS = 1_000;

  /** A process that lives says so at once; one that is stopped takes a connection and says nothing. */
  private static final int LIFE_LIMIT_MS = 1_000;

  /** The longest that a process may take by what can be asked, and some more. */
  private static final int ANSWER_LIMIT_MS = 35_000;

  private static final String LIVE = "/health/live";
  private static final String ADMIN = "/admin/";
  private static final String PAGE = ADMIN + "mesh";
  private static final int BAD_REQUEST = 400;

  private final Map<String, String> environment;
  private final Console console;

  public AdminCommand(Map<String, String> environment, Console console) {
    this.environment = environment;
    this.console = console;
  }

  /** @param words behind {@code admin} */
  public ExitCode run(List<String> words) {
    if (AdminWords.wantHelp(words)) {
      AdminWords.USAGE.forEach(console::say);
      console.say("");
      PeopleWords.USAGE.forEach(console::say);
      return ExitCode.ORDERLY;
    }
    if (PeopleWords.areThese(words)) {
      return runForPeople(words);
    }
    AdminWords asked;
    try {
      asked = AdminWords.of(words);
    } catch (AdminWords.BadWordsException e) {
      console.complain(e.getMessage());
      return ExitCode.BAD_SETTINGS;
    }
    List<Door> doors = doors(asked.at());
    Optional<Door> living = doors.stream().filter(this::lives).findFirst();
    if (living.isEmpty()) {
      console.complain(nobody(asked.at(), doors));
      return ExitCode.FAILED;
    }
    return ask(living.get(), asked);
  }

  private ExitCode runForPeople(List<String> words) {
    PeopleWords asked;
    try {
      asked = PeopleWords.of(words);
    } catch (AdminWords.BadWordsException e) {
      console.complain(e.getMessage());
      return ExitCode.BAD_SETTINGS;
    }
    List<Door> doors = doors(asked.at()).stream().filter(this::lives).toList();
    if (doors.isEmpty()) {
      console.complain(nobody(asked.at(), doors(asked.at())));
      return ExitCode.FAILED;
    }
    for (Door door : doors) {
      Optional<ExitCode> done = have(door, asked);
      if (done.isPresent()) {
        return done.get();
      }
    }
    console.complain(
        "No process that was found has the role gateway, which keeps accounts; name the health port of one by --at HOST:PORT.");
    return ExitCode.FAILED;
  }

  /** Empty when that process knows nothing of people. */
  private Optional<ExitCode> have(Door door, PeopleWords asked) {
    try {
      HttpURLConnection page = open(door, asked.address(), ANSWER_LIMIT_MS);
      try {
        page.setRequestMethod("POST");
        int status = page.getResponseCode();
        if (status == HttpURLConnection.HTTP_NOT_FOUND) {
          return Optional.empty();
        }
        String text = text(status < BAD_REQUEST ? page.getInputStream() : page.getErrorStream());
        return Optional.of(tell(status, new JsonObject(text), asked));
      } finally {
        page.disconnect();
      }
    } catch (IOException | DecodeException e) {
      console.complain("The process at %s gave no answer that can be read (%s); see its log."
          .formatted(door.address(), e.getMessage()));
      return Optional.of(ExitCode.FAILED);
    }
  }

  private ExitCode tell(int status, JsonObject answer, PeopleWords asked) {
    if (status != HttpURLConnection.HTTP_OK) {
      console.complain(answer.getString("message", "The process answers with " + status + "."));
      return ExitCode.FAILED;
    }
    if (asked.verb().equals("revoke")) {
      console.say("Every sign-in of %s has ended.".formatted(answer.getString("id")));
    } else {
      console.say("%s (%s) has the roles: %s."
          .formatted(
              answer.getString("name"),
              answer.getString("id"),
              answer.getJsonArray("roles").isEmpty()
                  ? "none"
                  : String.join(
                      ", ",
                      answer.getJsonArray("roles").stream().map(String::valueOf).toList())));
    }
    return ExitCode.ORDERLY;
  }

  private List<Door> doors(Optional<String> at) {
    if (at.isPresent()) {
      return List.of(new Door("", at.get()));
    }
    String port = environment.getOrDefault("MADANG_HEALTH_PORT", "").strip();
    if (port.matches("[1-9]\\d{0,4}")) {
      return List.of(new Door("", "127.0.0.1:" + port));
    }
    return new HealthDoors(dataDirectory()).known();
  }

  private Path dataDirectory() {
    return LaunchConfig.from(new Settings(environment)).dataDirectory();
  }

  private String nobody(Optional<String> at, List<Door> doors) {
    if (at.isPresent()) {
      return "Nothing of Madang answers at %s; name the health port of a process that runs, which it tells when it starts."
          .formatted(at.get());
    }
    if (doors.size() == 1 && doors.get(0).process().isEmpty()) {
      return "Nothing of Madang answers at %s, where MADANG_HEALTH_PORT says; start it, or name another by --at HOST:PORT."
          .formatted(doors.get(0).address());
    }
    if (!doors.isEmpty()) {
      // Left behind by a SIGKILL, or they stand still; nobody can tell from here.
      return "None of the processes that were started on the data directory %s answers; if they are gone, start it by ./madang run or ./madang cluster."
          .formatted(dataDirectory());
    }
    return "No Madang runs on the data directory %s; start it by ./madang run or ./madang cluster, or name the health port of a process by --at HOST:PORT."
        .formatted(dataDirectory());
  }

  private boolean lives(Door door) {
    try {
      HttpURLConnection page = open(door, LIVE, LIFE_LIMIT_MS);
      try {
        return page.getResponseCode() == HttpURLConnection.HTTP_OK;
      } finally {
        page.disconnect();
      }
    } catch (IOException e) {
      return false;
    }
  }

  private ExitCode ask(Door door, AdminWords asked) {
    try {
      HttpURLConnection page = open(door, PAGE + asked.query(), ANSWER_LIMIT_MS);
      try {
        return show(page, asked);
      } finally {
        page.disconnect();
      }
    } catch (IOException | DecodeException e) {
      console.complain("The process at %s gave no answer that can be read (%s); see its log."
          .formatted(door.address(), e.getMessage()));
      return ExitCode.FAILED;
    }
  }

  private ExitCode show(HttpURLConnection page, AdminWords asked) throws IOException {
    int status = page.getResponseCode();
    String text = text(status < BAD_REQUEST ? page.getInputStream() : page.getErrorStream());
    JsonObject answer = new JsonObject(text);
    if (status != HttpURLConnection.HTTP_OK) {
      console.complain(answer.getString("message", "The process answers with " + status + "."));
      return status == BAD_REQUEST ? ExitCode.BAD_SETTINGS : ExitCode.FAILED;
    }
    if (asked.json()) {
      console.say(text.stripTrailing());
    } else {
      new AdminTables(answer).lines(asked.view()).forEach(console::say);
    }
    return ExitCode.ORDERLY;
  }

  private HttpURLConnection open(Door door, String path, int limitMs) throws IOException {
    HttpURLConnection page = (HttpURLConnection)
        URI.create("http://" + door.address() + path).toURL().openConnection();
    page.setConnectTimeout(CONNECT_LIMIT_MS);
    page.setReadTimeout(limitMs);
    page.setInstanceFollowRedirects(false);
    String secret = environment.getOrDefault("MADANG_ADMIN_SECRET", "").strip();
    if (!secret.isEmpty() && path.startsWith(ADMIN)) {
      page.setRequestProperty("Authorization", "Bearer " + secret);
    }
    return page;
  }

  private static String text(InputStream body) throws IOException {
    if (body == null) {
      throw new IOException("it is empty");
    }
    try (body) {
      return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
