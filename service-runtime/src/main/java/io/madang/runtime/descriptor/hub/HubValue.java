package io.madang.runtime.descriptor.hub;

import io.madang.runtime.topic.Payload;
import java.util.ArrayList;
import java.util.List;

/**
 * Where one value of what a client hears comes from. <em>The data</em> is what a publication brings, a command's result, a
 * stream's item, or what a refusal says. A path names a member of it, the names joined by dots; what is not there is null.
 */
public sealed interface HubValue {

  /** Handles each kind. */
  <R> R dispatch(Handler<R> handler);

  /** One method per kind. */
  interface Handler<R> {
    R on(Constant value);

    R on(Member value);

    R on(Given value);

    R on(Argument value);

    R on(Text value);

    R on(Fields value);

    R on(Each value);

    R on(FirstOf value);
  }

  /** What is known besides the data. */
  enum Fact {
    /** When it was published, or now; ISO 8601 in UTC with a Z. */
    TIME,
    /** What stands behind the prefix in the topic's name; not for callers. */
    TOPIC_ID,
    /** Of who is told; for callers only. */
    CALLER_ID,
    /** Of who is told; for callers only. */
    CALLER_NAME,
    /** The id of the connection that is told; for callers only. */
    CONNECTION
  }

  /** Whether it depends on who hears it. */
  default boolean isOfCaller() {
    return false;
  }

  /** Always the same JSON. */
  record Constant(Payload json) implements HubValue {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** A member of the data, or all of it when {@code path} is empty. */
  record Member(String path) implements HubValue {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }
  }

  /** A fact. */
  record Given(Fact fact) implements HubValue {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }

    @Override
    public boolean isOfCaller() {
      return fact != Fact.TIME && fact != Fact.TOPIC_ID;
    }
  }

  /** What the caller gave for this parameter, or null; for callers only. */
  record Argument(String parameter) implements HubValue {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }

    @Override
    public boolean isOfCaller() {
      return true;
    }
  }

  /** A text with one value at each <code>{}</code>, as text; null is nothing. */
  record Text(String template, List<HubValue> values) implements HubValue {
    public Text {
      values = List.copyOf(values);
      if (template.split("\\{}", -1).length - 1 != values.size()) {
        throw new IllegalArgumentException(
            "the text '" + template + "' does not have " + values.size() + " places");
      }
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }

    @Override
    public boolean isOfCaller() {
      return values.stream().anyMatch(HubValue::isOfCaller);
    }
  }

  /** A named value of an object. */
  record Field(String name, HubValue value) {}

  /** An object. */
  record Fields(List<Field> fields) implements HubValue {
    public Fields {
      fields = List.copyOf(fields);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }

    @Override
    public boolean isOfCaller() {
      return fields.stream().anyMatch(field -> field.value().isOfCaller());
    }

    /** With one more. */
    public Fields and(String name, HubValue value) {
      List<Field> more = new ArrayList<>(fields);
      more.add(new Field(name, value));
      return new Fields(more);
    }
  }

  /** A list with one value for each item of the list at {@code path}, where the item is the data; empty when there is no list. */
  record Each(String path, HubValue item) implements HubValue {
    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }

    @Override
    public boolean isOfCaller() {
      return item.isOfCaller();
    }
  }

  /** The first that is not null. */
  record FirstOf(List<HubValue> values) implements HubValue {
    public FirstOf {
      values = List.copyOf(values);
    }

    @Override
    public <R> R dispatch(Handler<R> handler) {
      return handler.on(this);
    }

    @Override
    public boolean isOfCaller() {
      return values.stream().anyMatch(HubValue::isOfCaller);
    }
  }

  static HubValue constant(String json) {
    return new Constant(Payload.ofJson(json));
  }

  /** All of the data. */
  static HubValue data() {
    return new Member("");
  }

  static HubValue member(String path) {
    return new Member(path);
  }

  static HubValue time() {
    return new Given(Fact.TIME);
  }

  static HubValue topicId() {
    return new Given(Fact.TOPIC_ID);
  }

  static HubValue callerId() {
    return new Given(Fact.CALLER_ID);
  }

  static HubValue callerName() {
    return new Given(Fact.CALLER_NAME);
  }

  static HubValue connection() {
    return new Given(Fact.CONNECTION);
  }

  static HubValue argument(String parameter) {
    return new Argument(parameter);
  }

  static HubValue text(String template, HubValue... values) {
    return new Text(template, List.of(values));
  }

  /** An object of one member; {@link Fields#and} adds more. */
  static Fields object(String name, HubValue value) {
    return new Fields(List.of(new Field(name, value)));
  }

  static HubValue each(String path, HubValue item) {
    return new Each(path, item);
  }

  static HubValue firstOf(HubValue... values) {
    return new FirstOf(List.of(values));
  }
}
