package io.madang.gateway.edge.http;

import io.madang.protocol.json.JsonText;
import io.madang.protocol.json.JsonValue;
import io.madang.protocol.json.MalformedJsonException;
import io.madang.protocol.json.RawJson;
import io.madang.protocol.json.StrictJson;
import io.madang.runtime.descriptor.Parameter;
import io.madang.runtime.descriptor.ParameterType;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The arguments of a command as an HTTP request gives them: a JSON body by name or position, scalars in the query or a form,
 * or both as long as no name comes twice. Whether they fit the command is for the mesh to check.
 */
final class HttpArguments {
  private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?");

  private HttpArguments() {}

  /**
   * @param parameters what the command takes, by which a text in the query is a number, a flag or a text; empty if unknown
   * @param body of the request if it is JSON, else empty
   * @param fields of query and form
   * @throws MalformedJsonException with a sentence for the sender
   */
  static RawJson of(List<Parameter> parameters, byte[] body, MultiMap fields)
      throws MalformedJsonException {
    if (body.length == 0) {
      return object(members(parameters, fields));
    }
    JsonValue value = StrictJson.fromClients().value(body);
    if (value.kind() != JsonValue.Kind.OBJECT && value.kind() != JsonValue.Kind.ARRAY) {
      throw new MalformedJsonException(
          "the body must be an object or an array, not " + value.kind().words());
    }
    if (fields.isEmpty()) {
      return value.raw();
    }
    if (value.kind() == JsonValue.Kind.ARRAY) {
      throw new MalformedJsonException(
          "arguments by position in the body leave none for the query");
    }
    Map<String, RawJson> all = members(parameters, fields);
    Map<String, RawJson> inBody = new LinkedHashMap<>();
    StrictJson.fromClients().object(body, (name, member) -> inBody.put(name, member.raw()));
    if (inBody.keySet().stream().anyMatch(all::containsKey)) {
      throw new MalformedJsonException("an argument comes both in the body and in the query");
    }
    all.putAll(inBody);
    return object(all);
  }

  private static Map<String, RawJson> members(List<Parameter> parameters, MultiMap fields)
      throws MalformedJsonException {
    Map<String, RawJson> members = new LinkedHashMap<>();
    for (String name : fields.names()) {
      List<String> values = fields.getAll(name);
      if (values.size() > 1) {
        throw new MalformedJsonException("an argument in the query comes once");
      }
      members.put(whole(name), scalar(parameters, name, values.get(0)));
    }
    return members;
  }

  private static RawJson scalar(List<Parameter> parameters, String name, String text) {
    for (Parameter parameter : parameters) {
      if (parameter.name().equals(name) && isWrittenPlain(parameter.type(), text)) {
        return RawJson.trusted(text);
      }
    }
    return quoted(text);
  }

  private static boolean isWrittenPlain(ParameterType type, String text) {
    if (type instanceof ParameterType.Flag) {
      return text.equals("true") || text.equals("false");
    }
    return (type instanceof ParameterType.Whole || type instanceof ParameterType.Decimal)
        && NUMBER.matcher(text).matches();
  }

  private static RawJson quoted(String text) {
    return RawJson.trusted(JsonText.of(out -> out.writeString(whole(text))));
  }

  /** What was percent-decoded may hold half of a surrogate pair, which cannot be written. */
  private static String whole(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  private static RawJson object(Map<String, RawJson> members) {
    return JsonText.object(out -> {
      for (Map.Entry<String, RawJson> member : members.entrySet()) {
        out.writeFieldName(member.getKey());
        JsonText.raw(out, member.getValue());
      }
    });
  }
}
