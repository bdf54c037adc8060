package io.madang.gateway.identity.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.madang.gateway.identity.account.Refusal;
import io.madang.gateway.identity.account.RefusedException;
import io.madang.runtime.config.Secret;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What a request under /api/auth says: a JSON object of texts. Unknown members are passed over; nothing of it is printed. */
final class AuthBody {
  private static final Set<String> MEMBERS = Set.of("name", "password", "refreshToken");

  /** A member written twice would let two readers see two requests. */
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final Map<String, String> members;

  private AuthBody(Map<String, String> members) {
    this.members = members;
  }

  /**
   * Reads a body; an empty one says nothing.
   *
   * @param contentType must be JSON when there is a body: a form from a foreign page can name only other types
   * @throws RefusedException with {@link Refusal#NOT_JSON} or {@link Refusal#BAD_REQUEST}
   */
  static AuthBody read(String contentType, Buffer body) {
    if (body == null || body.length() == 0) {
      return new AuthBody(Map.of());
    }
    if (contentType == null || !isJson(contentType)) {
      throw notJson();
    }
    try (JsonParser json = JSON.createParser(text(body))) {
      return new AuthBody(members(json));
    } catch (IOException e) {
      throw bad("The body is not a JSON object in UTF-8.");
    }
  }

  static boolean isJson(String contentType) {
    return contentType.strip().toLowerCase(Locale.ROOT).matches("application/json\\s*(;.*)?");
  }

  static RefusedException notJson() {
    return new RefusedException(
        Refusal.NOT_JSON, "The body must be JSON, and Content-Type say application/json.");
  }

  private static String text(Buffer body) throws CharacterCodingException {
    return StandardCharsets.UTF_8
        .newDecoder()
        .decode(ByteBuffer.wrap(body.getBytes()))
        .toString();
  }

  private static Map<String, String> members(JsonParser json) throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw bad("The body is not a JSON object.");
    }
    Map<String, String> members = new TreeMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      JsonToken value = json.nextToken();
      if (!MEMBERS.contains(name)) {
        json.skipChildren();
      } else if (value == JsonToken.VALUE_STRING) {
        members.put(name, json.getText());
      } else {
        throw bad("The member " + name + " must be a text.");
      }
    }
    if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
      throw bad("Something follows the JSON object in the body.");
    }
    return members;
  }

  /** The name; refused when missing. */
  String name() {
    return require("name");
  }

  Optional<String> optionalName() {
    return Optional.ofNullable(members.get("name"));
  }

  /** The password; refused when missing. */
  Secret password() {
    return new Secret(require("password"));
  }

  Optional<Secret> refreshToken() {
    return Optional.ofNullable(members.get("refreshToken")).map(Secret::new);
  }

  private String require(String member) {
    String value = members.get(member);
    if (value == null) {
      throw bad("The member " + member + " is missing.");
    }
    return value;
  }

  private static RefusedException bad(String sentence) {
    return new RefusedException(Refusal.BAD_REQUEST, sentence);
  }
}
