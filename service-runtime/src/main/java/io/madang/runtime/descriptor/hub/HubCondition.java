package io.madang.runtime.descriptor.hub;

import io.madang.runtime.topic.Payload;

/**
 * What must hold of the data for something to be told.
 *
 * @param path of a member, its names joined by dots; empty for the data itself
 * @param test what is asked of it
 * @param constant what it is compared with; null as JSON where nothing is
 */
public record HubCondition(String path, Test test, Payload constant) {

  /** What can be asked. */
  public enum Test {
    EQUALS,
    DIFFERS,
    /** Absent, null, or a text, list or object without anything in it. */
    IS_EMPTY,
    IS_NOT_EMPTY
  }

  public static HubCondition equal(String path, String json) {
    return new HubCondition(path, Test.EQUALS, Payload.ofJson(json));
  }

  public static HubCondition different(String path, String json) {
    return new HubCondition(path, Test.DIFFERS, Payload.ofJson(json));
  }

  public static HubCondition empty(String path) {
    return new HubCondition(path, Test.IS_EMPTY, Payload.NULL);
  }

  public static HubCondition notEmpty(String path) {
    return new HubCondition(path, Test.IS_NOT_EMPTY, Payload.NULL);
  }
}
