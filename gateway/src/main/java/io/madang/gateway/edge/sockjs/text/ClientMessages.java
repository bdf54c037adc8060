package io.madang.gateway.edge.sockjs.text;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads what clients send: an array of strings, which may hold whatever strings of JavaScript hold. */
public final class ClientMessages {
  private static final JsonFactory JSON = new JsonFactory();

  private ClientMessages() {}

  /** A body or message that is not what it must be; the text is the protocol's own, and there is no stack. */
  public static final class BrokenException extends Exception {
    private static final long serialVersionUID = 1;

    BrokenException(String text) {
      super(text, null, false, false);
    }
  }

  /** What a body brings: an array, and nothing else. */
  public static List<String> ofBody(String body) throws BrokenException {
    if (body.isEmpty()) {
      throw new BrokenException("Payload expected.");
    }
    return read(body, false);
  }

  /** What one WebSocket message brings: an array, one string, or nothing at all. */
  public static List<String> ofSocket(String message) throws BrokenException {
    return message.isEmpty() ? List.of() : read(message, true);
  }

  private static List<String> read(String text, boolean mayBeBare) throws BrokenException {
    List<String> messages = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(text)) {
      JsonToken first = parser.nextToken();
      if (first == JsonToken.VALUE_STRING && mayBeBare) {
        messages.add(parser.getText());
      } else if (first != JsonToken.START_ARRAY) {
        throw new BrokenException("Payload expected.");
      } else {
        for (JsonToken next = parser.nextToken();
            next != JsonToken.END_ARRAY;
            next = parser.nextToken()) {
          if (next != JsonToken.VALUE_STRING) {
            throw broken();
          }
          messages.add(parser.getText());
        }
      }
      if (parser.nextToken() != null) {
        throw broken();
      }
    } catch (IOException e) {
      throw broken();
    }
    return messages;
  }

  private static BrokenException broken() {
    return new BrokenException("Broken JSON encoding.");
  }
}
