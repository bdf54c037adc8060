package io.madang.runtime.admin;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/**
 * Something an operator can have done by a role: {@code POST path?name=value&…}.
 *
 * @param path of the page, below {@code /admin/}
 * @param doing what is done, given the parameters, each once; fails with {@link RefusedException} when it cannot be
 */
public record AdminAction(String path, Doing doing) {
  /** Does it; called on the loop of the health pages. */
  @FunctionalInterface
  public interface Doing {
    Future<JsonObject> with(Map<String, String> parameters);
  }

  /** It was not done; the message is one sentence for the operator. */
  public static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public RefusedException(String sentence) {
      super(sentence, null, false, false);
    }
  }
}
