package io.madang.notification;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.config.Secret;
import io.madang.runtime.mesh.GatewayEndpoint;
import io.madang.runtime.mesh.Mesh;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A process of the mesh that hosts the service and is its own gateway. Blocking, for tests. */
final class NotificationNode implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final long LIMIT_S = 30;

  private final Vertx vertx = Vertx.vertx();
  private final Mesh mesh;

  /** What the gateway of this node heard, in its order. */
  private final List<Publication> heard = new CopyOnWriteArrayList<>();

  NotificationNode(String database, String name) {
    mesh = Mesh.local(vertx, name, "gateway", "notification");
    await(mesh.start());
    await(mesh.attach(new Ear()));
    NotificationConfig config = NotificationConfig.defaults().withPostgres(new Secret(database));
    await(mesh.serve(new NotificationService(config)));
  }

  private final class Ear implements GatewayEndpoint {
    @Override
    public void onBatch(List<Publication> publications) {
      heard.addAll(publications);
    }

    @Override
    public void onEvidence(String service) {}
  }

  static Caller person(String user, String... roles) {
    return Caller.person(user, user, Set.of(roles), false, Optional.empty());
  }

  static Topic topicOf(String user) {
    return new Topic("notifications", user);
  }

  /** From now on publications of the user's topic are {@link #heard}. */
  NotificationNode hear(String user) {
    Promise<Void> wanted = Promise.promise();
    mesh.loop().runOnContext(turn -> mesh.gatewayLink().want(topicOf(user)).onComplete(wanted));
    await(wanted.future());
    return this;
  }

  List<Publication> heard() {
    return List.copyOf(heard);
  }

  Future<CommandOutcome> give(Caller caller, String name, String id, String arguments) {
    return mesh.client()
        .command("notification", new CommandCall(caller, name, id, Payload.ofJson(arguments)));
  }

  /** The result of a command that is done. */
  JsonNode done(Caller caller, String name, String id, String arguments) {
    CommandOutcome outcome = await(give(caller, name, id, arguments));
    if (outcome instanceof CommandOutcome.Done done) {
      return json(done.result());
    }
    throw new AssertionError("refused: " + outcome);
  }

  JsonNode done(Caller caller, String name, String arguments) {
    return done(caller, name, UUID.randomUUID().toString(), arguments);
  }

  /** The code of a command that is refused. */
  String refused(Caller caller, String name, String id, String arguments) {
    CommandOutcome outcome = await(give(caller, name, id, arguments));
    if (outcome instanceof CommandOutcome.Refused refused) {
      return refused.refusal().code();
    }
    throw new AssertionError("done: " + outcome);
  }

  String refused(Caller caller, String name, String arguments) {
    return refused(caller, name, UUID.randomUUID().toString(), arguments);
  }

  TopicAnswer read(TopicRead read) {
    return await(begin(read));
  }

  /** Reads without waiting for it. */
  Future<TopicAnswer> begin(TopicRead read) {
    return mesh.client().read(read);
  }

  TopicAnswer.Granted subscribe(String user) {
    return (TopicAnswer.Granted)
        read(new TopicRead.Subscribe(topicOf(user), person(user), Optional.empty(), 100));
  }

  TopicAnswer.Granted resume(String user, StreamPosition since, int limit) {
    return (TopicAnswer.Granted)
        read(new TopicRead.Subscribe(topicOf(user), person(user), Optional.of(since), limit));
  }

  static JsonNode json(Payload payload) {
    try {
      return MAPPER.readTree(payload.utf8());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static <T> T await(Future<T> future) {
    try {
      return future.await(LIMIT_S, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("no answer within " + LIMIT_S + " s", e);
    }
  }

  @Override
  public void close() {
    await(mesh.stop());
    await(vertx.close());
  }
}
