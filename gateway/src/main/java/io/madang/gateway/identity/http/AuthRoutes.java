package io.madang.gateway.identity.http;

import io.madang.gateway.identity.AuthenticationException;
import io.madang.gateway.identity.AuthenticationException.Reason;
import io.madang.gateway.identity.Authenticator;
import io.madang.gateway.identity.Credential;
import io.madang.gateway.identity.IdentityConfig;
import io.madang.gateway.identity.OriginPolicy.Asking;
import io.madang.gateway.identity.Principal;
import io.madang.gateway.identity.account.Refusal;
import io.madang.gateway.identity.account.RefusedException;
import io.madang.gateway.identity.issuer.LoopIssuer;
import io.madang.gateway.identity.issuer.SignedIn;
import io.madang.runtime.config.Secret;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /api/auth/guest|register|login|refresh|logout|ticket} and {@code GET /api/auth/me}, for one event loop.
 *
 * <p>Tokens go out in the body, for programs, and in cookies, for pages. A body has at most {@value #MAX_BODY_BYTES} bytes.
 * Whatever is refused is answered as a {@link Problem}.
 */
public final class AuthRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(AuthRoutes.class);

  public static final int MAX_BODY_BYTES = 8 * 1024;

  private final LoopIssuer issuer;
  private final Authenticator authenticator;
  private final boolean hasAccounts;
  private final RequestCredentials credentials;
  private final Clock clock;
  private final Function<HttpServerRequest, String> clientAddress;

  /**
   * @param authenticator judges what requests show
   * @param clock the issuer's
   * @param clientAddress the network address of whoever asks, proxies that are trusted looked through
   */
  public AuthRoutes(
      LoopIssuer issuer,
      Authenticator authenticator,
      IdentityConfig config,
      Clock clock,
      Function<HttpServerRequest, String> clientAddress) {
    this.issuer = issuer;
    this.authenticator = authenticator;
    this.hasAccounts = config.builtIn();
    this.credentials = new RequestCredentials(config.origins());
    this.clock = clock;
    this.clientAddress = clientAddress;
  }

  /** Adds the routes; before any that reads bodies or takes {@code /api/*}. The router serves the issuer's loop alone. */
  public void mount(Router router) {
    router.route("/api/auth/*").failureHandler(this::onFailure);
    router.post("/api/auth/*").handler(this::onBody);
    router.post("/api/auth/*").handler(BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES));
    if (hasAccounts) {
      router.post("/api/auth/guest").handler(context -> serve(context, this::onGuest));
      router.post("/api/auth/register").handler(context -> serve(context, this::onRegister));
      router.post("/api/auth/login").handler(context -> serve(context, this::onLogin));
      router.post("/api/auth/refresh").handler(context -> serve(context, this::onRefresh));
    }
    router.post("/api/auth/logout").handler(context -> serve(context, this::onLogout));
    router.post("/api/auth/ticket").handler(context -> serve(context, this::onTicket));
    router.get("/api/auth/me").handler(context -> serve(context, this::onMe));
  }

  /** One request; fails with anything {@link Problem#of} can tell, at once or later. */
  @FunctionalInterface
  private interface Step {
    Future<Void> on(RoutingContext context);
  }

  private void serve(RoutingContext context, Step step) {
    Future<Void> served;
    try {
      requireOwnPage(context.request());
      served = step.on(context);
    } catch (RuntimeException e) {
      served = Future.failedFuture(e);
    }
    served.onFailure(failure -> refuse(context, failure));
  }

  /** Also for requests without cookie: a foreign page must not sign a visitor in under another name. */
  private void requireOwnPage(HttpServerRequest request) {
    if (credentials.isFromForeignPage(request)) {
      throw new AuthenticationException(Reason.ORIGIN_REFUSED);
    }
  }

  /** Before the body is read: a form must not even be taken apart. */
  private void onBody(RoutingContext context) {
    String type = context.request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (type == null || AuthBody.isJson(type)) {
      context.next();
    } else {
      refuse(context, AuthBody.notJson());
    }
  }

  private Future<Void> onGuest(RoutingContext context) {
    return issuer
        .guest(body(context).optionalName(), address(context))
        .compose(in -> welcome(context, in));
  }

  private Future<Void> onRegister(RoutingContext context) {
    AuthBody body = body(context);
    String name = body.name();
    Secret password = body.password();
    return asker(context)
        .compose(asker -> issuer.register(name, password.value(), asker, address(context)))
        .compose(in -> welcome(context, in));
  }

  private Future<Void> onLogin(RoutingContext context) {
    AuthBody body = body(context);
    return issuer
        .login(body.name(), body.password().value(), address(context))
        .compose(in -> welcome(context, in));
  }

  private Future<Void> onRefresh(RoutingContext context) {
    Optional<Secret> shown = body(context).refreshToken();
    Optional<Secret> token =
        shown.isPresent() ? shown : credentials.refreshCookie(context.request());
    return issuer
        .refresh(token.orElseThrow(AuthRoutes::unauthenticated))
        .compose(in -> welcome(context, in));
  }

  private Future<Void> onLogout(RoutingContext context) {
    Optional<Secret> shown = body(context).refreshToken();
    Optional<Secret> token =
        shown.isPresent() ? shown : credentials.refreshCookie(context.request());
    return asker(context)
        .compose(asker -> asker.map(issuer::logout).orElseGet(Future::succeededFuture))
        .compose(ended -> token.map(issuer::logout).orElseGet(Future::succeededFuture))
        .compose(ended -> farewell(context));
  }

  private Future<Void> onTicket(RoutingContext context) {
    return require(context, Asking.WRITE_OR_UPGRADE)
        .compose(issuer::ticket)
        .compose(ticket -> send(context, new JsonObject().put("ticket", ticket.value())));
  }

  private Future<Void> onMe(RoutingContext context) {
    return require(context, Asking.READ)
        .compose(principal -> send(
            context,
            new JsonObject()
                .put("user", user(principal))
                .put("guest", principal.guest())
                .put("expiresAt", principal.expiresAt().toString())));
  }

  private Future<Principal> require(RoutingContext context, Asking asking) {
    Credential credential =
        credentials.of(context.request(), asking).orElseThrow(AuthRoutes::unauthenticated);
    return authenticator.authenticate(credential);
  }

  private static RefusedException unauthenticated() {
    return new RefusedException(
        Refusal.UNAUTHENTICATED,
        "Nobody is signed in; send an access token or the sign-in cookie.");
  }

  /** Whoever is signed in, where being signed in is of use and not needed: a credential that does not count is none. */
  private Future<Optional<Principal>> asker(RoutingContext context) {
    Future<Principal> asker;
    try {
      asker = require(context, Asking.WRITE_OR_UPGRADE);
    } catch (AuthenticationException | RefusedException e) {
      return Future.succeededFuture(Optional.empty());
    }
    return asker.map(Optional::of).otherwise(Optional.empty());
  }

  private Future<Void> welcome(RoutingContext context, SignedIn in) {
    AuthCookies.set(context.request(), in, clock.instant());
    return send(
        context,
        new JsonObject()
            .put("accessToken", in.accessToken().value())
            .put("refreshToken", in.refreshToken().value())
            .put("expiresAt", in.principal().expiresAt().toString())
            .put("user", user(in.principal())));
  }

  private Future<Void> farewell(RoutingContext context) {
    AuthCookies.clear(context.request());
    return context.response().setStatusCode(204).end();
  }

  private static JsonObject user(Principal principal) {
    return new JsonObject()
        .put("id", principal.userId())
        .put("name", principal.name())
        .put("roles", new JsonArray(principal.roles().stream().sorted().toList()));
  }

  private static Future<Void> send(RoutingContext context, JsonObject body) {
    return context
        .response()
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(body.toBuffer());
  }

  private static AuthBody body(RoutingContext context) {
    return AuthBody.read(
        context.request().getHeader(HttpHeaders.CONTENT_TYPE), context.body().buffer());
  }

  private String address(RoutingContext context) {
    return clientAddress.apply(context.request());
  }

  /** What fails before a step is begun: the reading of the body. */
  private void onFailure(RoutingContext context) {
    if (context.statusCode() == 413) {
      Problem.of(
              Refusal.TOO_LARGE, "The body may have " + MAX_BODY_BYTES + " bytes.", Duration.ZERO)
          .send(context.response());
    } else if (context.failure() instanceof IOException
        || context.failure() instanceof HttpClosedException) {
      LOG.debug(
          "Request to {} was given up in the middle of its body",
          context.request().path());
    } else if (context.failure() != null) {
      refuse(context, context.failure());
    } else {
      context.next();
    }
  }

  private void refuse(RoutingContext context, Throwable failure) {
    Problem problem = Problem.of(failure);
    if (problem.status() == 500) {
      LOG.error("Request to {} failed", context.request().path(), failure);
    } else if (problem.status() == 503) {
      LOG.warn(
          "Request to {} must be tried again: {}", context.request().path(), failure.getMessage());
    }
    if (!context.response().ended() && !context.response().closed()) {
      problem.send(context.response());
    }
  }
}
