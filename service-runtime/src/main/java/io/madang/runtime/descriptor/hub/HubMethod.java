package io.madang.runtime.descriptor.hub;

import io.madang.runtime.topic.Payload;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One method of a hub, in one signature: a name may have several, told apart by how many arguments are given and of which kind.
 *
 * @param name as clients call it; matched without case
 * @param kind what of the service it asks
 * @param asks the service's command, stream or upload
 * @param parameters of what is asked, in the order of the method's arguments; trailing ones that what is asked can do without may
 *     be left out, and any such may be null
 * @param constants further parameters and what they always are
 * @param answer what the caller gets: of a command or upload its result, of a stream each item; empty for nothing (null)
 * @param tells what the caller hears after success, before the answer
 * @param progress what the caller hears of each item that an upload tells before its result
 * @param refusals the first that matches is told to the caller, and the call succeeds with nothing
 * @param subscribes topics that the calling connection hears from then on, besides those that the reply brings; a name may hold
 *     <code>{user}</code> (the caller's id) and <code>{parameter}</code> (an argument)
 * @param unsubscribes topics that it does not hear any more
 */
public record HubMethod(
    String name,
    Kind kind,
    String asks,
    List<String> parameters,
    Map<String, Payload> constants,
    Optional<HubValue> answer,
    List<CallerEvent> tells,
    List<CallerEvent> progress,
    List<HubRefusal> refusals,
    List<String> subscribes,
    List<String> unsubscribes) {

  /** What of a service a method asks. */
  public enum Kind {
    /** One question, one answer. */
    COMMAND,
    /** One question, many items. */
    STREAM,
    /** A question with a stream of items of the client's, one answer. */
    UPLOAD
  }

  public HubMethod {
    parameters = List.copyOf(parameters);
    constants = Map.copyOf(constants);
    tells = List.copyOf(tells);
    progress = List.copyOf(progress);
    refusals = List.copyOf(refusals);
    subscribes = List.copyOf(subscribes);
    unsubscribes = List.copyOf(unsubscribes);
    if (!name.matches("[A-Za-z_][A-Za-z0-9_]{0,63}")) {
      throw new IllegalArgumentException("a hub's method is not named " + name);
    }
    if (Set.copyOf(parameters).size() != parameters.size()
        || parameters.stream().anyMatch(constants::containsKey)) {
      throw new IllegalArgumentException("a parameter of the method " + name + " is given twice");
    }
    if (kind == Kind.STREAM && !(tells.isEmpty() && refusals.isEmpty())) {
      throw new IllegalArgumentException(
          "a stream ends with its own word, so " + name + " tells the caller nothing else");
    }
    if (kind != Kind.UPLOAD && !progress.isEmpty()) {
      throw new IllegalArgumentException("only uploads tell of progress, not " + name);
    }
  }

  /** A method that asks a command and answers nothing. */
  public static HubMethod command(String name, String asks, String... parameters) {
    return of(name, Kind.COMMAND, asks, Optional.empty(), parameters);
  }

  /** A method whose items are the stream's. */
  public static HubMethod stream(String name, String asks, String... parameters) {
    return of(name, Kind.STREAM, asks, Optional.of(HubValue.data()), parameters);
  }

  /** A method that takes one stream of the client's and answers nothing. */
  public static HubMethod upload(String name, String asks, String... parameters) {
    return of(name, Kind.UPLOAD, asks, Optional.empty(), parameters);
  }

  private static HubMethod of(
      String name, Kind kind, String asks, Optional<HubValue> answer, String... parameters) {
    return new HubMethod(
        name,
        kind,
        asks,
        List.of(parameters),
        Map.of(),
        answer,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  /** The parameter is always this, and no argument. */
  public HubMethod with(String parameter, String json) {
    return changed(to -> {
      to.constants = new LinkedHashMap<>(constants);
      to.constants.put(parameter, Payload.ofJson(json));
    });
  }

  /** The caller gets the result as it is. */
  public HubMethod answering() {
    return answering(HubValue.data());
  }

  public HubMethod answering(HubValue value) {
    return changed(to -> to.answer = Optional.of(value));
  }

  /** The caller hears this after success. */
  public HubMethod telling(CallerEvent event) {
    return changed(to -> to.tells = plus(tells, event));
  }

  /** The caller hears this of each item that the upload tells before its result. */
  public HubMethod tellingOfProgress(CallerEvent event) {
    return changed(to -> to.progress = plus(progress, event));
  }

  /** The caller hears {@code event} where the service refuses with {@code code}. */
  public HubMethod tellingRefusal(String code, CallerEvent event) {
    return refusing(new HubRefusal(Optional.of(code), event));
  }

  /** The caller hears {@code event} wherever the service refuses and nothing more special is told. */
  public HubMethod tellingRefusals(CallerEvent event) {
    return refusing(new HubRefusal(Optional.empty(), event));
  }

  private HubMethod refusing(HubRefusal refusal) {
    return changed(to -> to.refusals = plus(refusals, refusal));
  }

  public HubMethod subscribing(String topic) {
    return changed(to -> to.subscribes = plus(subscribes, topic));
  }

  public HubMethod unsubscribing(String topic) {
    return changed(to -> to.unsubscribes = plus(unsubscribes, topic));
  }

  private static <T> List<T> plus(List<T> list, T more) {
    List<T> all = new ArrayList<>(list);
    all.add(more);
    return all;
  }

  private HubMethod changed(Consumer<Change> change) {
    Change to = new Change(this);
    change.accept(to);
    return new HubMethod(
        name,
        kind,
        asks,
        parameters,
        to.constants,
        to.answer,
        to.tells,
        to.progress,
        to.refusals,
        to.subscribes,
        to.unsubscribes);
  }

  /** What another method is to be, which is like one but for something. */
  private static final class Change {
    private Map<String, Payload> constants;
    private Optional<HubValue> answer;
    private List<CallerEvent> tells;
    private List<CallerEvent> progress;
    private List<HubRefusal> refusals;
    private List<String> subscribes;
    private List<String> unsubscribes;

    Change(HubMethod method) {
      constants = method.constants;
      answer = method.answer;
      tells = method.tells;
      progress = method.progress;
      refusals = method.refusals;
      subscribes = method.subscribes;
      unsubscribes = method.unsubscribes;
    }
  }
}
