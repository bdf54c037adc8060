package io.madang.gateway.edge.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.handler.StaticHandler;

/** The pages for people, from {@code web/} on the class path, and {@code /} for the first of them. */
public final class PageRoutes {
  private PageRoutes() {}

  public static void mount(Router router) {
    StaticHandler pages = StaticHandler.create("web")
        .setDirectoryListing(false)
        .setIncludeHidden(false)
        .setCachingEnabled(false);
    router
        .get("/*")
        .handler(context -> {
          // Pages and their modules change together with a new version: a browser must ask each
          // time.
          context.response().putHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
          context.next();
        })
        .handler(pages);
  }
}
