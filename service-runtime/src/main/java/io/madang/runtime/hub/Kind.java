package io.madang.runtime.hub;

import io.madang.runtime.descriptor.ParameterType;

/** What of JSON an argument is: by this, and by their number, the signatures of one name are told apart. */
public enum Kind {
  TEXT,
  NUMBER,
  FLAG,
  LIST,
  OBJECT;

  public static Kind of(ParameterType type) {
    if (type instanceof ParameterType.Text) {
      return TEXT;
    }
    if (type instanceof ParameterType.Whole || type instanceof ParameterType.Decimal) {
      return NUMBER;
    }
    if (type instanceof ParameterType.Flag) {
      return FLAG;
    }
    return type instanceof ParameterType.ListOf ? LIST : OBJECT;
  }
}
