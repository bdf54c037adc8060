package io.madang.gateway.edge.http;

import io.madang.gateway.command.Commands;
import io.madang.gateway.command.Refusals;
import io.madang.gateway.identity.OriginPolicy.Asking;
import io.madang.gateway.identity.Principal;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.protocol.json.JsonText;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.descriptor.Files;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.mesh.directory.Directory;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code /api/{service}/uploads}: files, for any service that keeps them as {@link Files} says. Nothing is kept here: a body goes
 * on in the pieces in which it comes, as fast as the service takes them.
 *
 * <ul>
 *   <li>{@code POST ?…} begins an upload with the body as its first part, which is all of it unless {@code Upload-Complete: ?0}
 *       says that more follows; answers 201 with {@code Location}
 *   <li>{@code HEAD} on that tells by {@code Upload-Offset} where it stands, {@code PATCH} with the same header goes on there,
 *       {@code DELETE} gives it up
 *   <li>{@code GET} on that brings a complete one, to whom its service lets have it at that moment
 * </ul>
 */
public final class UploadRoutes {
  static final String OFFSET = "Upload-Offset";
  static final String COMPLETE = "Upload-Complete";
  static final String LENGTH = "Upload-Length";
  private static final String DIGEST = "Repr-Digest";
  private static final String PATH = "/api/:service/uploads";
  private static final String ONE = PATH + "/:upload";
  private static final String DEFAULT_TYPE = "application/octet-stream";
  private static final Pattern SHA256 =
      Pattern.compile("(?:^|,\\s*)sha-256=:([A-Za-z0-9+/]{43}=):");

  /** What the words of a service about files are in HTTP. */
  private static final Map<String, Integer> STATUSES = Map.of(
      "unknown-upload", 404,
      "offset-mismatch", 409,
      "upload-complete", 409,
      "upload-incomplete", 409,
      "type-refused", 415);

  private final HttpCallers callers;
  private final Commands commands;
  private final Directory directory;
  private final HttpLinks links;

  public UploadRoutes(
      HttpCallers callers, Commands commands, Directory directory, HttpLinks links) {
    this.callers = callers;
    this.commands = commands;
    this.directory = directory;
    this.links = links;
  }

  /** Before the routes of commands, one of which this looks like. */
  public void mount(Router router) {
    router.post(PATH).handler(context -> serve(context, this::onCreate));
    router.patch(ONE).handler(context -> serve(context, this::onAppend));
    router.head(ONE).handler(context -> serve(context, this::onState));
    router.delete(ONE).handler(context -> serve(context, this::onDrop));
    router.get(ONE).handler(context -> serve(context, this::onRead));
  }

  /** One request of somebody who is signed in. */
  @FunctionalInterface
  private interface Step {
    void on(RoutingContext context, Caller caller);
  }

  private void serve(RoutingContext context, Step step) {
    HttpServerRequest request = context.request();
    HttpMethod method = request.method();
    if (method.equals(HttpMethod.POST) || method.equals(HttpMethod.PATCH)) {
      // Nothing of a body may be lost while it is found out who sends it.
      request.pause();
    }
    Asking asking = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)
        ? Asking.READ
        : Asking.WRITE_OR_UPGRADE;
    callers
        .caller(request, asking)
        .onSuccess(principal -> begin(context, principal, step))
        .onFailure(cause -> CommandRoutes.fail(request, cause));
  }

  private void begin(RoutingContext context, Principal principal, Step step) {
    Optional<ServiceDescriptor> service =
        directory.service(context.pathParam("service")).filter(Files::areKeptBy);
    if (service.isEmpty()) {
      refuse(context.request(), Failure.of(ErrorCode.NOT_FOUND, "Nobody keeps files here."));
      return;
    }
    try {
      step.on(context, Commands.caller(principal, Optional.empty()));
    } catch (HttpCallers.RefusedException e) {
      refuse(context.request(), e.failure());
    }
  }

  private void onCreate(RoutingContext context, Caller caller) {
    HttpServerRequest request = context.request();
    boolean complete = isComplete(request);
    Optional<Long> length = number(request, LENGTH);
    if (length.isEmpty() && complete) {
      length = number(request, HttpHeaders.CONTENT_LENGTH.toString());
    }
    RawJson args = creation(context.queryParams(), type(request), length);
    Optional<String> hash = hash(request);
    ask(context, caller, Files.CREATE, args)
        .onSuccess(outcome -> {
          if (outcome instanceof CommandOutcome.Done done) {
            String upload = new JsonObject(done.result().toString()).getString("upload");
            request
                .response()
                .putHeader(
                    HttpHeaders.LOCATION, request.path().replaceFirst("/$", "") + "/" + upload);
            append(context, caller, upload, 0, complete, hash, 201);
          } else {
            refuse(request, outcome);
          }
        })
        .onFailure(cause -> CommandRoutes.fail(request, cause));
  }

  private static RawJson creation(MultiMap query, String type, Optional<Long> length) {
    return JsonText.object(out -> {
      for (String name : query.names()) {
        if (query.getAll(name).size() > 1 || name.equals("type") || name.equals("length")) {
          throw refused("In the query each argument comes once, and type and length are headers.");
        }
        out.writeStringField(whole(name), whole(query.get(name)));
      }
      out.writeStringField("type", whole(type));
      if (length.isPresent()) {
        out.writeNumberField("length", length.get());
      }
    });
  }

  /** What was percent-decoded may hold half of a surrogate pair, which cannot be written. */
  private static String whole(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
  }

  private void onAppend(RoutingContext context, Caller caller) {
    HttpServerRequest request = context.request();
    long offset = number(request, OFFSET)
        .orElseThrow(() -> refused(OFFSET + " must say where the upload stands."));
    append(
        context,
        caller,
        context.pathParam("upload"),
        offset,
        isComplete(request),
        hash(request),
        200);
  }

  private void append(
      RoutingContext context,
      Caller caller,
      String upload,
      long offset,
      boolean complete,
      Optional<String> hash,
      int status) {
    HttpServerRequest request = context.request();
    links.onLongBody(request);
    RawJson args = JsonText.object(out -> {
      out.writeStringField("upload", upload);
      out.writeNumberField("offset", offset);
      out.writeBooleanField("complete", complete);
      if (hash.isPresent()) {
        out.writeStringField("sha256", hash.get());
      }
    });
    ServiceDescriptor service = directory.service(context.pathParam("service")).orElseThrow();
    int itemBytes = service.upload(Files.APPEND).orElseThrow().maxItemBytes();
    SentBody body = new SentBody(request, itemBytes, outcome -> {
      if (outcome instanceof CommandOutcome.Done done) {
        answer(request, status, done);
      } else {
        refuse(request, outcome);
      }
    });
    body.goesTo(commands.upload(caller, service.service(), Files.APPEND, args, body));
  }

  private void onState(RoutingContext context, Caller caller) {
    HttpServerRequest request = context.request();
    ask(context, caller, Files.STATE, named(context))
        .onSuccess(outcome -> {
          if (outcome instanceof CommandOutcome.Done done) {
            standing(request, new JsonObject(done.result().toString()));
            request.response().setStatusCode(204).end();
          } else {
            refuse(request, outcome);
          }
        })
        .onFailure(cause -> CommandRoutes.fail(request, cause));
  }

  private void onDrop(RoutingContext context, Caller caller) {
    HttpServerRequest request = context.request();
    ask(context, caller, Files.DROP, named(context))
        .onSuccess(outcome -> {
          if (outcome instanceof CommandOutcome.Done) {
            request.response().setStatusCode(204).end();
          } else {
            refuse(request, outcome);
          }
        })
        .onFailure(cause -> CommandRoutes.fail(request, cause));
  }

  private void onRead(RoutingContext context, Caller caller) {
    HttpServerRequest request = context.request();
    ReadFile file = new ReadFile(request, refusal -> refuse(request, Refusals.failure(refusal)));
    file.comesFrom(commands.stream(
        caller, context.pathParam("service"), Files.READ, named(context), ReadFile.AHEAD, file));
  }

  private Future<CommandOutcome> ask(
      RoutingContext context, Caller caller, String command, RawJson args) {
    return commands.command(caller, context.pathParam("service"), command, Optional.empty(), args);
  }

  private static RawJson named(RoutingContext context) {
    return JsonText.object(
        out -> out.writeStringField("upload", whole(context.pathParam("upload"))));
  }

  private static void answer(HttpServerRequest request, int status, CommandOutcome.Done done) {
    standing(request, new JsonObject(done.result().toString()));
    request
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(Buffer.buffer(done.result().utf8()));
  }

  private static void standing(HttpServerRequest request, JsonObject state) {
    MultiMap headers = request.response().headers();
    headers.set(OFFSET, String.valueOf(state.getLong("offset", 0L)));
    headers.set(COMPLETE, state.getBoolean("complete", false) ? "?1" : "?0");
    if (state.containsKey("length")) {
      headers.set(LENGTH, String.valueOf(state.getLong("length")));
    }
    headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
  }

  private static void refuse(HttpServerRequest request, CommandOutcome outcome) {
    CommandOutcome.Refused refused = (CommandOutcome.Refused) outcome;
    JsonObject details = new JsonObject(refused.refusal().details().toString());
    if (details.containsKey("offset") && !request.response().headWritten()) {
      request.response().putHeader(OFFSET, String.valueOf(details.getLong("offset")));
    }
    refuse(request, Refusals.failure(refused.refusal()));
  }

  private static void refuse(HttpServerRequest request, Failure failure) {
    Integer status = STATUSES.get(failure.code());
    if (status == null) {
      Problems.send(request, failure);
    } else {
      Problems.send(request, status, failure);
    }
  }

  /** A body is the end of its upload unless it says otherwise. */
  private static boolean isComplete(HttpServerRequest request) {
    String said = request.getHeader(COMPLETE);
    if (said != null && !said.equals("?0") && !said.equals("?1")) {
      throw refused(COMPLETE + " is ?0 or ?1.");
    }
    return said == null || said.equals("?1");
  }

  private static Optional<Long> number(HttpServerRequest request, String header) {
    String text = request.getHeader(header);
    if (text == null) {
      return Optional.empty();
    }
    if (!text.matches("[0-9]{1,15}")) {
      throw refused(header + " is a whole number of bytes.");
    }
    return Optional.of(Long.parseLong(text));
  }

  private static String type(HttpServerRequest request) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    return type == null || type.isBlank() ? DEFAULT_TYPE : type;
  }

  /** As RFC 9530 writes it; in hex. */
  private static Optional<String> hash(HttpServerRequest request) {
    String digest = request.getHeader(DIGEST);
    if (digest == null) {
      return Optional.empty();
    }
    Matcher found = SHA256.matcher(digest);
    if (!found.find()) {
      throw refused(DIGEST + " must have sha-256=:…:");
    }
    return Optional.of(HexFormat.of().formatHex(Base64.getDecoder().decode(found.group(1))));
  }

  private static HttpCallers.RefusedException refused(String message) {
    return new HttpCallers.RefusedException(Failure.of(ErrorCode.BAD_REQUEST, message));
  }
}
