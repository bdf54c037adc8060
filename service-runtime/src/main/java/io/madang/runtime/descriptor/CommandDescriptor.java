package io.madang.runtime.descriptor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One thing a service can be asked.
 *
 * @param name camelCase; matched without case
 * @param parameters in the order of their positions
 * @param positions which parameters a call by position fills, one list per allowed count; when empty, the parameters in order
 * @param idKind what the service keeps of the command's id
 * @param role a caller without it is refused before the service sees the command
 * @param key the argument that names the topic it is about, so that commands on one topic go to one node
 * @param access who may give it
 * @param within an attempt is given up that is not answered by then; {@link #USUAL}, or more for what is done once at most
 */
public record CommandDescriptor(
    String name,
    List<Parameter> parameters,
    List<List<String>> positions,
    IdKind idKind,
    Optional<String> role,
    Optional<TopicKey> key,
    Access access,
    Duration within) {
  /** So long an attempt may take; whoever does not answer by then is asked no more, and another node is. */
  public static final Duration USUAL = Duration.ofSeconds(2);

  /** No command may take longer. */
  public static final Duration LONGEST = Duration.ofMinutes(11);

  /** How a repeated command is known. */
  public enum IdKind {
    /** The id is kept with the row that the command creates, as long as the row. */
    CREATES,
    /** The id and the result are kept for seven days. */
    RECORDED,
    /** Nothing is kept: doing it again does no harm. */
    REPEATABLE
  }

  /** Who may give a command. */
  public enum Access {
    /** Anyone who is signed in, guests too. */
    PEOPLE,
    /** Other services only; no door offers it. */
    SERVICES
  }

  /**
   * Which topic a command is about. What one connection asks about one topic is done in the order it was asked.
   *
   * @param prefix of the topic
   * @param parameter the argument that is the topic's id; empty when no argument is
   * @param id of the topic when no argument is it; absent when it is the caller's user id
   */
  public record TopicKey(String prefix, String parameter, Optional<String> id) {
    /** The topic's name in a call. */
    public String topic(UnaryOperator<String> argument, String user) {
      return prefix + ":" + (parameter.isEmpty() ? id.orElse(user) : argument.apply(parameter));
    }
  }

  public CommandDescriptor {
    parameters = List.copyOf(parameters);
    positions = positions.stream().map(List::copyOf).toList();
    if (within.compareTo(USUAL) < 0 || within.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "a command takes between " + USUAL + " and " + LONGEST + ", not " + within);
    }
    if (key.isPresent() && within.compareTo(USUAL) > 0) {
      throw new IllegalArgumentException(
          "a command that may take long keeps no place among those about a topic, which would wait for it");
    }
  }

  public static CommandDescriptor of(String name, IdKind idKind, Parameter... parameters) {
    return new CommandDescriptor(
        name,
        List.of(parameters),
        List.of(),
        idKind,
        Optional.empty(),
        Optional.empty(),
        Access.PEOPLE,
        USUAL);
  }

  /** The argument {@code parameter} names a topic of {@code prefix}: calls about one topic are sent to one node, in order. */
  public CommandDescriptor about(String prefix, String parameter) {
    return about(new TopicKey(prefix, parameter, Optional.empty()));
  }

  /** Every call is about the same topic. */
  public CommandDescriptor aboutOne(String prefix, String id) {
    return about(new TopicKey(prefix, "", Optional.of(id)));
  }

  /** Every call is about the caller's own topic of {@code prefix}. */
  public CommandDescriptor aboutCallers(String prefix) {
    return about(new TopicKey(prefix, "", Optional.empty()));
  }

  private CommandDescriptor about(TopicKey key) {
    return new CommandDescriptor(
        name, parameters, positions, idKind, role, Optional.of(key), access, within);
  }

  /** One more way to give the arguments by position, told apart by count. */
  public CommandDescriptor byPosition(List<String> names) {
    List<List<String>> more = new ArrayList<>(positions);
    more.add(names);
    return new CommandDescriptor(name, parameters, more, idKind, role, key, access, within);
  }

  public CommandDescriptor requiring(String requiredRole) {
    return new CommandDescriptor(
        name, parameters, positions, idKind, Optional.of(requiredRole), key, access, within);
  }

  public CommandDescriptor forServices() {
    return new CommandDescriptor(
        name, parameters, positions, idKind, role, key, Access.SERVICES, within);
  }

  /** It may take longer than others, as it waits for somebody; whoever was given it is the only one. Not for what is about a topic. */
  public CommandDescriptor lasting(Duration atMost) {
    return new CommandDescriptor(name, parameters, positions, idKind, role, key, access, atMost);
  }

  /** Whether it takes longer than others, and is therefore given once at most. */
  public boolean isLong() {
    return within.compareTo(USUAL) > 0;
  }
}
