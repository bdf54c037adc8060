package io.madang.gateway.edge.http;

import io.madang.gateway.command.Commands;
import io.madang.gateway.command.Refusals;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.gateway.identity.OriginPolicy.Asking;
import io.madang.gateway.identity.Principal;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.codec.FrameCodec;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.json.JsonText;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.mesh.ask.MeshClient;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * {@code GET /api/topics/{topic}/history?after=&before=&limit=}: one page of a topic's past, oldest first; the newest page if
 * neither bound is given. {@code limit} is {@value #DEFAULT_PAGE} unless given and at most {@value #MAX_PAGE}.
 */
public final class TopicRoutes {
  private static final String PATH = "/api/topics/:topic/history";
  static final int DEFAULT_PAGE = 50;
  static final int MAX_PAGE = 200;

  private final HttpCallers callers;
  private final MeshClient mesh;
  private final FrameCodec codec;

  public TopicRoutes(HttpCallers callers, MeshClient mesh, FrameCodec codec) {
    this.callers = callers;
    this.mesh = mesh;
    this.codec = codec;
  }

  public void mount(Router router) {
    router.route(PATH).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::onHistory);
    router.route(PATH).handler(context -> Problems.onlyTakes(context, "GET, HEAD, OPTIONS"));
  }

  private void onHistory(RoutingContext context) {
    HttpServerRequest request = context.request();
    callers
        .caller(request, Asking.READ)
        .compose(principal -> read(context, principal))
        .onSuccess(answer -> answer(request, context.pathParam("topic"), answer))
        .onFailure(cause -> CommandRoutes.fail(request, cause));
  }

  private Future<TopicAnswer> read(RoutingContext context, Principal principal) {
    Topic topic;
    try {
      topic = Topic.parse(context.pathParam("topic"));
    } catch (IllegalArgumentException e) {
      throw bad(e.getMessage());
    }
    Optional<Long> after = number(context, "after");
    Optional<Long> before = number(context, "before");
    if (after.isPresent() && before.isPresent()) {
      throw bad("give after or before, not both");
    }
    int limit =
        (int) Math.max(1, Math.min(MAX_PAGE, number(context, "limit").orElse((long) DEFAULT_PAGE)));
    return mesh.read(new TopicRead.History(
        topic, Commands.caller(principal, Optional.empty()), after, before, limit));
  }

  private static Optional<Long> number(RoutingContext context, String name) {
    String text = context.queryParams().get(name);
    if (text == null) {
      return Optional.empty();
    }
    if (!text.matches("[0-9]{1,16}")) {
      throw bad(name + " must be a whole number that is not negative");
    }
    return Optional.of(Long.parseLong(text));
  }

  private void answer(HttpServerRequest request, String topic, TopicAnswer answer) {
    if (answer instanceof TopicAnswer.Denied denied) {
      Problems.send(request, Refusals.failure(denied.refusal()));
      return;
    }
    TopicAnswer.Granted granted = (TopicAnswer.Granted) answer;
    Entity.send(request, "application/json", page(topic, granted).utf8());
  }

  private RawJson page(String topic, TopicAnswer.Granted granted) {
    return JsonText.object(out -> {
      out.writeStringField("topic", topic);
      out.writeObjectFieldStart("position");
      out.writeStringField("epoch", granted.position().epoch());
      out.writeNumberField("offset", granted.position().offset());
      out.writeEndObject();
      out.writeBooleanField("more", granted.more());
      out.writeArrayFieldStart("publications");
      for (Publication publication : granted.publications()) {
        JsonText.raw(out, RawJson.trusted(codec.encode(SharedPublication.frameOf(publication))));
      }
      out.writeEndArray();
    });
  }

  private static HttpCallers.RefusedException bad(String message) {
    return new HttpCallers.RefusedException(Failure.of(ErrorCode.BAD_REQUEST, message));
  }
}
