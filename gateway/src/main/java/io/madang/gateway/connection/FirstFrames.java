package io.madang.gateway.connection;

import io.madang.gateway.connection.ConnectionState.AwaitingConnect;
import io.madang.gateway.identity.Credential;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import io.madang.runtime.config.Secret;
import java.util.Optional;

/** What each frame means before somebody is signed in. Part of its {@link Connection}; answers true if it was taken. */
final class FirstFrames implements ClientFrame.Handler<Boolean> {
  private final Connection connection;
  private final Outgoing outgoing;
  private final OpenFrames openFrames;
  private final Entrance entrance;

  FirstFrames(Connection connection, Outgoing outgoing, OpenFrames openFrames, Entrance entrance) {
    this.connection = connection;
    this.outgoing = outgoing;
    this.openFrames = openFrames;
    this.entrance = entrance;
  }

  @Override
  public Boolean on(ClientFrame.Connect frame) {
    AwaitingConnect awaiting = connection.awaitingConnect();
    Optional<Credential> brought =
        frame.token().map(token -> new Credential.Bearer(new Secret(token)));
    Optional<Credential> credential = brought.isPresent() ? brought : awaiting.offered();
    if (credential.isEmpty()) {
      return refuse(frame);
    }
    entrance.begin(awaiting, credential.get(), frame.ref());
    return true;
  }

  @Override
  public Boolean on(ClientFrame.Ping frame) {
    return openFrames.on(frame);
  }

  /** A client whose handshake said who it is may begin with anything. */
  private Boolean begin(ClientFrame frame) {
    AwaitingConnect awaiting = connection.awaitingConnect();
    if (awaiting.offered().isEmpty()) {
      return refuse(frame);
    }
    entrance.begin(awaiting, awaiting.offered().get(), ClientFrame.NO_REF);
    // The answer may be there at once; then the frame must not be held any more.
    connection.take(frame);
    return true;
  }

  private Boolean refuse(ClientFrame frame) {
    outgoing.fail(
        frame.ref(),
        Failure.of(ErrorCode.UNAUTHENTICATED, "Nobody is signed in on this connection."));
    return false;
  }

  @Override
  public Boolean on(ClientFrame.Subscribe frame) {
    return begin(frame);
  }

  @Override
  public Boolean on(ClientFrame.Resume frame) {
    return begin(frame);
  }

  @Override
  public Boolean on(ClientFrame.Unsubscribe frame) {
    return begin(frame);
  }

  @Override
  public Boolean on(ClientFrame.Command frame) {
    return begin(frame);
  }

  @Override
  public Boolean on(ClientFrame.Stream frame) {
    return begin(frame);
  }

  @Override
  public Boolean on(ClientFrame.Cancel frame) {
    return begin(frame);
  }

  @Override
  public Boolean on(ClientFrame.More frame) {
    return begin(frame);
  }

  @Override
  public Boolean on(ClientFrame.Upload frame) {
    return begin(frame);
  }

  @Override
  public Boolean on(ClientFrame.UploadItem frame) {
    return begin(frame);
  }

  @Override
  public Boolean on(ClientFrame.UploadEnd frame) {
    return begin(frame);
  }

  @Override
  public Boolean on(ClientFrame.Refresh frame) {
    return begin(frame);
  }
}
