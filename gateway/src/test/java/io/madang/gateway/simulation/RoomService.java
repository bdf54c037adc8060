package io.madang.gateway.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.descriptor.CommandDescriptor;
import io.madang.runtime.descriptor.CommandDescriptor.IdKind;
import io.madang.runtime.descriptor.Parameter;
import io.madang.runtime.descriptor.ParameterType;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor.History;
import io.madang.runtime.descriptor.TopicDescriptor.Pressure;
import io.madang.runtime.service.MeshService;
import io.madang.runtime.service.ServiceContext;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * One node's part of a service whose truth is the store: commits, then publishes what was committed; keeps nothing itself. In
 * two kinds, as the mesh has them: {@code rooms} with members, bans and a whole history, and {@code boards} of newest values,
 * which a room of the same name guards.
 */
final class RoomService implements MeshService {
  static final String ROOMS = "rooms";
  static final String BOARDS = "boards";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ParameterType NAME = ParameterType.text(1, 64);

  private final String name;
  private final SimProcess process;
  private final Store store;
  private ServiceContext context;

  RoomService(String name, SimProcess process, Store store) {
    this.name = name;
    this.process = process;
    this.store = store;
  }

  @Override
  public ServiceDescriptor descriptor() {
    return name.equals(ROOMS)
        ? new ServiceDescriptor(
            ROOMS,
            "1",
            List.of(TopicDescriptor.of(Store.ROOM, History.ALL, Pressure.CATCH_UP)),
            List.of(
                about("create", IdKind.CREATES, Parameter.required("open", ParameterType.flag())),
                about("destroy", IdKind.RECORDED),
                about("enter", IdKind.RECORDED),
                about("leave", IdKind.RECORDED),
                about("say", IdKind.CREATES, Parameter.required("text", NAME)),
                about("kick", IdKind.RECORDED, Parameter.required("user", NAME)),
                about("ban", IdKind.RECORDED, Parameter.required("user", NAME)),
                about("unban", IdKind.RECORDED, Parameter.required("user", NAME))),
            List.of(),
            List.of())
        : new ServiceDescriptor(
            BOARDS,
            "1",
            List.of(TopicDescriptor.of(Store.BOARD, History.WINDOW, Pressure.CONFLATE)
                .guardedBy(Store.ROOM)),
            List.of(CommandDescriptor.of(
                    "set",
                    IdKind.CREATES,
                    Parameter.required("board", NAME),
                    Parameter.required("key", NAME),
                    Parameter.required("value", NAME))
                .about(Store.BOARD, "board")),
            List.of(),
            List.of());
  }

  private static CommandDescriptor about(String command, IdKind kind, Parameter... more) {
    Parameter[] parameters = new Parameter[more.length + 1];
    parameters[0] = Parameter.required("room", NAME);
    System.arraycopy(more, 0, parameters, 1, more.length);
    return CommandDescriptor.of(command, kind, parameters).about(Store.ROOM, "room");
  }

  @Override
  public Future<?> start(ServiceContext given) {
    context = given;
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    return Future.succeededFuture();
  }

  @Override
  public Future<CommandOutcome> command(CommandCall call) {
    JsonNode arguments = arguments(call);
    Topic topic = name.equals(ROOMS)
        ? new Topic(Store.ROOM, arguments.get("room").asText())
        : new Topic(Store.BOARD, arguments.get("board").asText());
    return store
        .inLane(
            process,
            topic,
            call.id(),
            () -> store.once(call.id(), () -> commit(call, topic, arguments)))
        .map(ended -> {
          if (ended.refusal().isPresent()) {
            return CommandOutcome.refused(ended.refusal().get(), "The room says no.");
          }
          // Also a repeat, as whoever committed it may have died before it could.
          context.publisher().publish(ended.rows());
          return CommandOutcome.done(ended.result());
        });
  }

  private Store.Ended commit(CommandCall call, Topic topic, JsonNode arguments) {
    String id = call.id();
    String by = call.caller().user();
    Function<String, String> text = member -> arguments.get(member).asText();
    return switch (call.name()) {
      case "create" -> store.create(id, topic, by, arguments.get("open").asBoolean());
      case "destroy" -> store.destroy(topic);
      case "enter" -> store.enter(id, topic, by);
      case "leave" -> store.remove(id, topic, by, "left", false);
      case "say" -> store.say(id, topic, by, text.apply("text"));
      case "kick" -> store.remove(id, topic, text.apply("user"), "kicked", false);
      case "ban" -> store.remove(id, topic, text.apply("user"), "banned", true);
      case "unban" -> store.unban(id, topic, text.apply("user"));
      case "set" -> store.set(id, topic, text.apply("key"), text.apply("value"));
      default -> throw new IllegalStateException(call.name());
    };
  }

  private static JsonNode arguments(CommandCall call) {
    try {
      return JSON.readTree(call.arguments().utf8());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Future<TopicAnswer> subscribe(TopicRead.Subscribe read) {
    // Who may hear a board is asked of the room that guards it.
    Optional<String> user =
        name.equals(ROOMS) ? Optional.of(read.caller().user()) : Optional.empty();
    return answer(read.topic(), user, read.since(), read.limit());
  }

  @Override
  public Future<TopicAnswer> catchUp(TopicRead.CatchUp read) {
    return answer(read.topic(), Optional.empty(), Optional.of(read.since()), read.limit());
  }

  @Override
  public Future<TopicAnswer> authorise(TopicRead.Authorise read) {
    return answer(read.topic(), Optional.of(read.caller().user()), Optional.empty(), 0);
  }

  @Override
  public Future<TopicAnswer> history(TopicRead.History read) {
    return Future.failedFuture(new UnsupportedOperationException("nobody asks for pages"));
  }

  private Future<TopicAnswer> answer(
      Topic topic,
      Optional<String> user,
      Optional<io.madang.runtime.topic.StreamPosition> since,
      int limit) {
    return store
        .anyhow(process, () -> store.read(topic, user, since, limit))
        .map(answer -> answer.orElseGet(() ->
            TopicAnswer.denied("forbidden", "There is no such topic, or you may not hear it.")));
  }
}
