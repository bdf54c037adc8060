package io.madang.gateway.edge.http;

import io.madang.gateway.command.Commands;
import io.madang.gateway.command.Refusals;
import io.madang.gateway.identity.OriginPolicy.Asking;
import io.madang.gateway.identity.Principal;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.frame.CommandId;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.json.MalformedJsonException;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.descriptor.CommandDescriptor;
import io.madang.runtime.descriptor.Parameter;
import io.madang.runtime.mesh.directory.Directory;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Optional;

/**
 * {@code POST /api/{service}/{command}}: one command, its result as JSON, its refusal as a problem document. The header
 * {@code Idempotency-Key} is the command's id, in the form of a {@link CommandId}.
 */
public final class CommandRoutes {
  private static final String PATH = "/api/:service/:command";
  private static final String ID = "Idempotency-Key";
  private static final int UNSUPPORTED = 415;

  private final HttpCallers callers;
  private final Commands commands;
  private final Directory directory;
  private final int maxBodyBytes;

  public CommandRoutes(
      HttpCallers callers, Commands commands, Directory directory, int maxBodyBytes) {
    this.callers = callers;
    this.commands = commands;
    this.directory = directory;
    this.maxBodyBytes = maxBodyBytes;
  }

  public void mount(Router router) {
    router.post(PATH).failureHandler(Problems::onFailure);
    router.post(PATH).handler(BodyHandler.create(false).setBodyLimit(maxBodyBytes));
    router.post(PATH).handler(this::onCommand);
    router.route(PATH).handler(this::onOtherMethod);
  }

  /** Of a command that is there only POST is taken; of others there is nothing to be said. */
  private void onOtherMethod(RoutingContext context) {
    boolean isThere = directory
        .service(context.pathParam("service"))
        .flatMap(service -> service.command(context.pathParam("command")))
        .isPresent();
    if (isThere) {
      Problems.onlyTakes(context, "POST, OPTIONS");
    } else {
      context.next();
    }
  }

  private void onCommand(RoutingContext context) {
    HttpServerRequest request = context.request();
    callers
        .caller(request, Asking.WRITE_OR_UPGRADE)
        .compose(principal -> command(context, principal))
        .onSuccess(outcome -> answer(request, outcome))
        .onFailure(cause -> fail(request, cause));
  }

  private Future<CommandOutcome> command(RoutingContext context, Principal principal) {
    String service = context.pathParam("service");
    String name = context.pathParam("command");
    Optional<String> id = id(context.request());
    RawJson args;
    try {
      args = arguments(context, parameters(service, name));
    } catch (MalformedJsonException e) {
      throw refused(ErrorCode.BAD_REQUEST, e.getMessage());
    }
    return commands.command(Commands.caller(principal, Optional.empty()), service, name, id, args);
  }

  private static Optional<String> id(HttpServerRequest request) {
    List<String> keys = request.headers().getAll(ID);
    if (keys.isEmpty()) {
      return Optional.empty();
    }
    if (keys.size() > 1) {
      throw refused(ErrorCode.BAD_REQUEST, ID + " comes once.");
    }
    if (!CommandId.isValid(keys.get(0))) {
      throw refused(ErrorCode.BAD_REQUEST, CommandId.rule(ID) + ".");
    }
    return Optional.of(keys.get(0));
  }

  private List<Parameter> parameters(String service, String name) {
    return directory
        .service(service)
        .flatMap(descriptor -> descriptor.command(name))
        .map(CommandDescriptor::parameters)
        .orElse(List.of());
  }

  private static RawJson arguments(RoutingContext context, List<Parameter> parameters)
      throws MalformedJsonException {
    MultiMap fields = MultiMap.caseInsensitiveMultiMap().addAll(context.queryParams());
    Buffer body = context.body().buffer();
    byte[] bytes = body == null ? new byte[0] : body.getBytes();
    BodyType type = BodyType.of(context.request());
    if (type == BodyType.FORM) {
      fields.addAll(context.request().formAttributes());
      bytes = new byte[0];
    } else if (bytes.length > 0 && type != BodyType.JSON) {
      throw new HttpCallers.RefusedException(
          UNSUPPORTED, Failure.of(ErrorCode.BAD_REQUEST, BodyType.RULE));
    }
    return HttpArguments.of(parameters, bytes, fields);
  }

  private static void answer(HttpServerRequest request, CommandOutcome outcome) {
    if (outcome instanceof CommandOutcome.Refused refused) {
      Problems.send(request, Refusals.failure(refused.refusal()));
      return;
    }
    CommandOutcome.Done done = (CommandOutcome.Done) outcome;
    request
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(Buffer.buffer(done.result().utf8()));
  }

  static void fail(HttpServerRequest request, Throwable cause) {
    if (cause instanceof HttpCallers.RefusedException refused) {
      Problems.send(request, refused.status(), refused.failure());
    } else {
      Problems.send(request, Refusals.failure(cause));
    }
  }

  private static HttpCallers.RefusedException refused(ErrorCode code, String message) {
    return new HttpCallers.RefusedException(Failure.of(code, message));
  }
}
