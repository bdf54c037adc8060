package io.madang.gateway.identity.token;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;

/** The JSON inside an access token: its header and its {@link Claims}. Every claim we write is required when reading. */
final class ClaimsJson {
  static final String ALGORITHM = "ES256";

  /** A name written twice would let two readers see two tokens. */
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private ClaimsJson() {}

  static byte[] writeHeader(String kid) {
    return write(json -> {
      json.writeStringField("alg", ALGORITHM);
      json.writeStringField("kid", kid);
      json.writeStringField("typ", "JWT");
    });
  }

  static byte[] writeClaims(Claims claims) {
    return write(json -> {
      json.writeStringField("sub", claims.subject());
      json.writeStringField("name", claims.name());
      json.writeArrayFieldStart("roles");
      for (String role : claims.roles()) {
        json.writeString(role);
      }
      json.writeEndArray();
      json.writeBooleanField("guest", claims.guest());
      json.writeStringField("iss", claims.issuer());
      json.writeStringField("aud", claims.audience());
      json.writeNumberField("iat", claims.issuedAt().getEpochSecond());
      json.writeNumberField("exp", claims.expiresAt().getEpochSecond());
      json.writeStringField("jti", claims.id());
      json.writeStringField("sid", claims.session());
    });
  }

  /** The key's id from a header that asks for exactly what we do; {@code alg} is checked, never obeyed. */
  static String readKid(byte[] header) throws BadTokenException {
    String algorithm = null;
    String kid = null;
    try (JsonParser json = open(header)) {
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "alg" -> algorithm = text(json);
          case "kid" -> kid = text(json);
          case "crit" ->
            throw new BadTokenException("it names an extension that must be understood");
          default -> json.skipChildren();
        }
      }
      requireEnd(json);
    } catch (IOException e) {
      throw new BadTokenException("its header is not JSON");
    }
    if (!ALGORITHM.equals(algorithm)) {
      throw new BadTokenException("its algorithm is not " + ALGORITHM);
    }
    if (kid == null) {
      throw new BadTokenException("it names no key");
    }
    return kid;
  }

  static Claims readClaims(byte[] payload) throws BadTokenException {
    Draft draft = new Draft();
    try (JsonParser json = open(payload)) {
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        json.nextToken();
        draft.read(field, json);
      }
      requireEnd(json);
    } catch (IOException | DateTimeException e) {
      throw new BadTokenException("its claims are not as we write them");
    }
    return draft.finish();
  }

  /** Claims while they are being read; null means not seen yet. */
  private static final class Draft {
    private String subject;
    private String name;
    private Set<String> roles;
    private Boolean guest;
    private String issuer;
    private String audience;
    private Instant issuedAt;
    private Instant expiresAt;
    private String id;
    private String session;

    void read(String field, JsonParser json) throws IOException, BadTokenException {
      switch (field) {
        case "sub" -> subject = text(json);
        case "name" -> name = text(json);
        case "roles" -> roles = texts(json);
        case "guest" -> guest = json.getBooleanValue();
        case "iss" -> issuer = text(json);
        case "aud" -> audience = text(json);
        case "iat" -> issuedAt = seconds(json);
        case "exp" -> expiresAt = seconds(json);
        case "jti" -> id = text(json);
        case "sid" -> session = text(json);
        default -> json.skipChildren();
      }
    }

    Claims finish() throws BadTokenException {
      if (subject == null
          || name == null
          || roles == null
          || guest == null
          || issuer == null
          || audience == null
          || issuedAt == null
          || expiresAt == null
          || id == null
          || session == null) {
        throw new BadTokenException("a claim is missing");
      }
      return new Claims(
          subject, name, roles, guest, issuer, audience, issuedAt, expiresAt, id, session);
    }
  }

  private static String text(JsonParser json) throws IOException, BadTokenException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw new BadTokenException("a text is not a text");
    }
    return json.getText();
  }

  private static Set<String> texts(JsonParser json) throws IOException, BadTokenException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw new BadTokenException("a list is not a list");
    }
    Set<String> texts = new HashSet<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      texts.add(text(json));
    }
    return texts;
  }

  private static Instant seconds(JsonParser json) throws IOException, BadTokenException {
    if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      throw new BadTokenException("a time is not in whole seconds");
    }
    return Instant.ofEpochSecond(json.getLongValue());
  }

  private static JsonParser open(byte[] text) throws IOException, BadTokenException {
    JsonParser json = JSON.createParser(text);
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new BadTokenException("a part is not a JSON object");
    }
    return json;
  }

  private static void requireEnd(JsonParser json) throws IOException, BadTokenException {
    if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
      throw new BadTokenException("something follows a JSON object");
    }
  }

  private static byte[] write(Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartObject();
      fields.writeTo(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  @FunctionalInterface
  private interface Fields {
    void writeTo(JsonGenerator json) throws IOException;
  }
}
