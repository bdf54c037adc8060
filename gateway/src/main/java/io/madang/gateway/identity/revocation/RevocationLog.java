package io.madang.gateway.identity.revocation;

import io.vertx.core.Future;
import java.util.List;

/** Where all gateways of a mesh write down what they revoke, and read what others did. Only ever added to. */
public interface RevocationLog {
  /** Before everything. */
  String BEGINNING = "0-0";

  /**
   * What lies behind a place in the log.
   *
   * @param revocations in the order they were written, the first of them only when there are many
   * @param reached the place of the last of them; where was asked from when there are none
   * @param whole whether there are no more behind them
   * @param lost whether the log ends before the place asked from: it was emptied, or has older contents again
   */
  record Page(List<Revocation> revocations, String reached, boolean whole, boolean lost) {}

  /** Fails when the log is away. */
  Future<Page> after(String place);

  /** Adds all of them, or some and fails. Twice does no harm. */
  Future<Void> append(List<Revocation> revocations);

  /** For a mesh without a store: gateways only tell each other. */
  static RevocationLog none() {
    return new RevocationLog() {
      @Override
      public Future<Page> after(String place) {
        return Future.succeededFuture(new Page(List.of(), place, true, false));
      }

      @Override
      public Future<Void> append(List<Revocation> revocations) {
        return Future.succeededFuture();
      }
    };
  }
}
