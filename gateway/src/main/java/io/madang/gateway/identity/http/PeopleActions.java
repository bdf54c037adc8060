package io.madang.gateway.identity.http;

import io.madang.gateway.identity.issuer.PeopleDesk;
import io.madang.gateway.identity.postgres.Account;
import io.madang.runtime.admin.AdminAction;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /admin/people?do=grant|take|signOut&who=&role=}: what {@code ./madang admin} does about people. */
public final class PeopleActions {
  public static final String PATH = "/admin/people";

  private static final Logger LOG = LoggerFactory.getLogger(PeopleActions.class);
  private static final String ROLE_FORM = "[a-z][a-z0-9-]{0,31}";
  private static final int MAX_WHO_CHARS = 256;

  private final PeopleDesk desk;

  public PeopleActions(PeopleDesk desk) {
    this.desk = desk;
  }

  /** Fails with {@link AdminAction.RefusedException} when it makes no sense. */
  public Future<JsonObject> on(Map<String, String> parameters) {
    String who = parameters.getOrDefault("who", "");
    if (who.isBlank() || who.length() > MAX_WHO_CHARS) {
      throw new AdminAction.RefusedException("Say who: the name or the id of an account.");
    }
    return switch (parameters.getOrDefault("do", "")) {
      case "grant" -> desk.grant(who, role(parameters)).map(found -> account(found, who));
      case "take" -> desk.take(who, role(parameters)).map(found -> account(found, who));
      case "signOut" -> desk.signOut(who).map(found -> signedOut(found, who));
      default -> throw new AdminAction.RefusedException("Say what to do: grant, take or signOut.");
    };
  }

  private static String role(Map<String, String> parameters) {
    String role = parameters.getOrDefault("role", "");
    if (!role.matches(ROLE_FORM)) {
      throw new AdminAction.RefusedException(
          "A role is up to 32 lower-case letters, digits and dashes, such as admin, moderator or premium.");
    }
    return role;
  }

  private static JsonObject account(Optional<Account> found, String who) {
    Account account = found.orElseThrow(() -> nobody(who));
    JsonArray roles = new JsonArray(account.roles().stream().sorted().toList());
    LOG.info("An operator changed the roles of {} to {}", account.id(), roles);
    return new JsonObject().put("id", account.id()).put("name", account.name()).put("roles", roles);
  }

  private static JsonObject signedOut(Optional<String> found, String who) {
    String id = found.orElseThrow(() -> nobody(who));
    LOG.info("An operator ended every sign-in of {}", id);
    return new JsonObject().put("id", id);
  }

  private static AdminAction.RefusedException nobody(String who) {
    return new AdminAction.RefusedException("There is no account \"%s\".".formatted(who));
  }
}
