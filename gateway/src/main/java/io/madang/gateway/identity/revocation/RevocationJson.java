package io.madang.gateway.identity.revocation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.madang.runtime.topic.Payload;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Revocations as one gateway tells them another: {@code [[kind, id, notBefore, until], …]}, times in milliseconds. */
final class RevocationJson {
  private static final JsonFactory JSON = new JsonFactory();

  private RevocationJson() {}

  static Payload write(List<Revocation> revocations) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(bytes)) {
      json.writeStartArray();
      for (Revocation revocation : revocations) {
        json.writeStartArray();
        json.writeString(revocation.kind().word());
        json.writeString(revocation.id());
        json.writeNumber(revocation.notBefore().toEpochMilli());
        json.writeNumber(revocation.until().toEpochMilli());
        json.writeEndArray();
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory can be written", e);
    }
    return Payload.wrap(bytes.toByteArray());
  }

  /** Those that this version understands. */
  static List<Revocation> read(Payload payload) {
    List<Revocation> revocations = new ArrayList<>();
    try (JsonParser json = JSON.createParser(payload.utf8())) {
      json.nextToken();
      while (json.nextToken() == JsonToken.START_ARRAY) {
        String word = json.nextTextValue();
        String id = json.nextTextValue();
        Instant notBefore = Instant.ofEpochMilli(json.nextLongValue(0));
        Instant until = Instant.ofEpochMilli(json.nextLongValue(0));
        while (json.nextToken() != JsonToken.END_ARRAY) {
          json.skipChildren();
        }
        Revocation.Kind.of(word)
            .ifPresent(kind -> revocations.add(new Revocation(kind, id, notBefore, until)));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("a gateway tells revocations in another form", e);
    }
    return revocations;
  }
}
