package io.madang.gateway.command;

import io.madang.gateway.identity.Principal;
import io.madang.protocol.json.RawJson;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.mesh.ask.MeshClient;
import io.madang.runtime.mesh.ask.StreamHandle;
import io.madang.runtime.mesh.ask.StreamReader;
import io.madang.runtime.mesh.ask.UploadHandle;
import io.madang.runtime.mesh.ask.UploadListener;
import io.madang.runtime.service.StreamCall;
import io.madang.runtime.service.UploadCall;
import io.madang.runtime.topic.Payload;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.UUID;

/**
 * Puts a client's request to the service it names. The mesh finds the descriptor, checks the arguments against it and
 * chooses the node; results arrive on the loop that asked.
 */
public final class Commands {
  private final MeshClient mesh;

  public Commands(MeshClient mesh) {
    this.mesh = mesh;
  }

  /**
   * Gives a command to a service.
   *
   * @param id as the client chose it; without one we make one, so that the mesh can repeat the command but the client cannot
   */
  public Future<CommandOutcome> command(
      Caller caller, String service, String name, Optional<String> id, RawJson args) {
    String known = id.orElseGet(() -> UUID.randomUUID().toString());
    return mesh.command(service, new CommandCall(caller, name, known, payload(args)));
  }

  public StreamHandle stream(
      Caller caller, String service, String name, RawJson args, int credit, StreamReader reader) {
    return mesh.stream(service, new StreamCall(caller, name, payload(args)), credit, reader);
  }

  /** Opens an upload; items may be sent once the listener hears how many. */
  public UploadHandle upload(
      Caller caller, String service, String name, RawJson args, UploadListener listener) {
    return mesh.upload(service, new UploadCall(caller, name, payload(args)), listener);
  }

  /** How services know this person. */
  public static Caller caller(Principal principal, Optional<String> connection) {
    return Caller.person(
        principal.userId(), principal.name(), principal.roles(), principal.guest(), connection);
  }

  private static Payload payload(RawJson json) {
    return Payload.wrap(json.utf8());
  }
}
