package io.madang.gateway.identity.outside;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Asks an issuer for its keys, once per call: no redirect is followed, no answer is read beyond its limits. */
final class KeyFetch {
  private final URI address;
  private final Duration within;
  private final int maxBytes;
  private final HttpClientAgent client;

  KeyFetch(Vertx vertx, URI address, Duration within, int maxBytes) {
    this.address = address;
    this.within = within;
    this.maxBytes = maxBytes;
    this.client = vertx.createHttpClient(new HttpClientOptions()
        .setConnectTimeout((int) within.toMillis())
        .setKeepAlive(false)
        .setDecompressionSupported(false));
  }

  /** Fails with a sentence's end when there is no answer, or none that has keys in it. */
  Future<List<OutsideKey>> fetch() {
    return request(client).timeout(within.toMillis(), TimeUnit.MILLISECONDS).map(KeyFetch::keys);
  }

  private Future<Buffer> request(HttpClient asked) {
    RequestOptions options = new RequestOptions()
        .setMethod(HttpMethod.GET)
        .setAbsoluteURI(address.toString())
        .setFollowRedirects(false)
        .setTimeout(within.toMillis())
        .putHeader("Accept", "application/jwk-set+json, application/json");
    return asked.request(options).compose(request -> request.send()).compose(this::body);
  }

  private Future<Buffer> body(HttpClientResponse response) {
    Promise<Buffer> whole = Promise.promise();
    response.exceptionHandler(whole::tryFail);
    if (response.statusCode() != 200) {
      response.request().reset();
      return Future.failedFuture("it answers with status " + response.statusCode());
    }
    Buffer body = Buffer.buffer();
    response.handler(part -> {
      if (body.length() + part.length() > maxBytes) {
        whole.tryFail("its answer has more than " + maxBytes + " bytes");
        response.request().reset();
      } else {
        body.appendBuffer(part);
      }
    });
    response.endHandler(end -> whole.tryComplete(body));
    return whole.future();
  }

  private static List<OutsideKey> keys(Buffer body) {
    List<OutsideKey> keys = OutsideKeys.ofSet(body.toString());
    if (keys.isEmpty()) {
      throw new IllegalArgumentException("there is no key in it that can verify a token");
    }
    return keys;
  }

  Future<Void> close() {
    return client.close();
  }
}
