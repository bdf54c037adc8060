package io.madang.gateway.edge.signalr.call;

import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.runtime.command.Caller;

/** Why a call failed, in the words that clients of SignalR know. */
final class HubErrors {
  private HubErrors() {}

  /**
   * A call failed, or a stream before its first item. Clients know one text for methods that need a role, and nothing more is said
   * then; a service that forbids something for reasons of its own is told of in its words.
   */
  static String ofCall(HubCall call, Caller caller, Failure failure) {
    boolean lacksRole =
        call.method().role().filter(role -> !caller.hasRole(role)).isPresent();
    return lacksRole && failure.code().equals(ErrorCode.FORBIDDEN.wire())
        ? "Failed to invoke '" + call.target() + "' because user is unauthorized"
        : ofUnboundCall(call.target(), failure);
  }

  /** A call failed before it was known what it means. */
  static String ofUnboundCall(String target, Failure failure) {
    return detailed(
        "An unexpected error occurred invoking '" + target + "' on the server.", failure);
  }

  /** A stream failed behind its first item. */
  static String ofStream(Failure failure) {
    return detailed("An error occurred on the server while streaming results.", failure);
  }

  /** Of a bug nobody outside hears more. */
  private static String detailed(String text, Failure failure) {
    return failure.code().equals(ErrorCode.INTERNAL.wire())
        ? text
        : text + " HubException: " + failure.message();
  }

  static String ofClientsStream(String target) {
    return "An unexpected error occurred invoking '" + target + "' on the server.";
  }

  static String idInUse(String id) {
    return "Invocation ID '" + id + "' is already in use.";
  }
}
