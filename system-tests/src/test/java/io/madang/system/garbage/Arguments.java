package io.madang.system.garbage;

import io.madang.system.garbage.Offered.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Lists of arguments in which all is right, or all but one thing. */
final class Arguments {
  /** JSON by name of the parameter, where any value of the right type would not do. */
  private final Map<String, String> known;

  Arguments(Map<String, String> known) {
    this.known = Map.copyOf(known);
  }

  /** One list with its name in a report; what must be refused has a flaw. */
  record Given(String what, String json) {}

  private String right(Parameter parameter) {
    String value = known.get(parameter.name());
    if (value != null) {
      return value;
    }
    return switch (parameter.type().is()) {
      case "text" -> "\"x\"";
      case "flag" -> "true";
      case "list" -> "[]";
      case "object" -> "{}";
      default -> parameter.type().min().orElseThrow().toPlainString();
    };
  }

  /** Every list that the product must refuse by what it says of itself. */
  List<Given> refused(Offered offered) {
    List<Given> all = new ArrayList<>();
    for (Parameter parameter : offered.parameters()) {
      for (Garbage garbage : Garbage.of(parameter)) {
        if (!garbage.fits(parameter)) {
          all.add(new Given(
              parameter.name() + " = " + garbage, byName(offered, parameter, garbage.json())));
        }
      }
      if (parameter.required()) {
        all.add(new Given(parameter.name() + " missing", without(offered, parameter)));
      }
      all.add(new Given(
          parameter.name() + " with a letter more",
          byName(offered)
              .replace("\"" + parameter.name() + "\":", "\"" + parameter.name() + "\u0130\":")));
      all.add(new Given(parameter.name() + " twice", twice(offered, parameter)));
    }
    all.add(new Given("an argument too many", with(offered, "\"colour\":\"red\"")));
    all.add(new Given("one without a name", with(offered, "\"\":1")));
    all.add(new Given("one of a prototype", with(offered, "\"__proto__\":{}")));
    all.add(new Given("a long list", "[" + "0,".repeat(offered.parameters().size()) + "0]"));
    return all;
  }

  /** The same by position, where the parameters can be given so. */
  List<Given> refusedByPosition(Offered offered) {
    List<Given> all = new ArrayList<>();
    for (List<String> shape : offered.shapes()) {
      List<Parameter> parameters =
          shape.stream().map(name -> parameter(offered, name)).toList();
      for (Parameter parameter : parameters) {
        for (Garbage garbage : Garbage.of(parameter)) {
          if (!garbage.fits(parameter) && !garbage.json().isBlank()) {
            all.add(new Given(
                "[" + parameter.name() + "] = " + garbage,
                parameters.stream()
                    .map(one -> one.equals(parameter) ? garbage.json() : right(one))
                    .collect(Collectors.joining(",", "[", "]"))));
          }
        }
      }
    }
    return all;
  }

  /** Every list that fits, however odd: a service may take it or not. */
  List<Given> odd(Offered offered) {
    List<Given> all = new ArrayList<>();
    for (Parameter parameter : offered.parameters()) {
      for (Garbage garbage : Garbage.of(parameter)) {
        if (garbage.fits(parameter)) {
          all.add(new Given(
              parameter.name() + " = " + garbage, byName(offered, parameter, garbage.json())));
        }
      }
    }
    return all;
  }

  private static Parameter parameter(Offered offered, String name) {
    return offered.parameters().stream()
        .filter(parameter -> parameter.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private String byName(Offered offered) {
    return object(members(offered));
  }

  private String byName(Offered offered, Parameter about, String json) {
    Map<String, String> members = members(offered);
    members.put(about.name(), json);
    return object(members);
  }

  private String without(Offered offered, Parameter missing) {
    Map<String, String> members = members(offered);
    members.remove(missing.name());
    return object(members);
  }

  private String twice(Offered offered, Parameter parameter) {
    return with(offered, "\"%s\":%s".formatted(parameter.name(), right(parameter)));
  }

  private String with(Offered offered, String member) {
    String all = byName(offered);
    return all.substring(0, all.length() - 1) + (all.length() > 2 ? "," : "") + member + "}";
  }

  private Map<String, String> members(Offered offered) {
    Map<String, String> members = new HashMap<>();
    offered.parameters().forEach(parameter -> members.put(parameter.name(), right(parameter)));
    return members;
  }

  private static String object(Map<String, String> members) {
    return members.entrySet().stream()
        .map(member -> "\"%s\":%s".formatted(member.getKey(), member.getValue()))
        .collect(Collectors.joining(",", "{", "}"));
  }
}
