package io.madang.gateway.connection;

import io.madang.gateway.fanout.Bundle;
import io.madang.gateway.fanout.SharedPublication;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.frame.ServerFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A transport that remembers what it was given. */
final class FakeSink implements FrameSink {
  final List<ServerFrame> frames = new ArrayList<>();
  final List<Bundle> together = new ArrayList<>();

  /** Whether it has a form of publications that all sinks of its kind share. */
  boolean sharesForms;

  Optional<CloseCode> closed = Optional.empty();
  long queuedBytes;
  long takenBytes;
  int probes;
  boolean isCut;

  /** How long a client may take to show another token. */
  Duration lateToken = Duration.ZERO;

  @Override
  public void send(ServerFrame frame) {
    frames.add(frame);
  }

  @Override
  public void send(SharedPublication publication) {
    frames.add(SharedPublication.frameOf(publication.publication()));
  }

  @Override
  public boolean sendTogether(Bundle bundle) {
    if (sharesForms) {
      together.add(bundle);
    }
    return sharesForms;
  }

  @Override
  public Duration onExpired() {
    return lateToken;
  }

  @Override
  public long queuedBytes() {
    return queuedBytes;
  }

  @Override
  public long takenBytes() {
    return takenBytes;
  }

  @Override
  public void probe() {
    probes++;
  }

  @Override
  public void close(CloseCode code) {
    closed = Optional.of(code);
  }

  @Override
  public void cut() {
    isCut = true;
  }

  ServerFrame last() {
    return frames.get(frames.size() - 1);
  }

  /** The code of the error frame that came last. */
  String lastError() {
    return ((ServerFrame.Error) last()).failure().code();
  }

  List<ServerFrame> take() {
    List<ServerFrame> taken = List.copyOf(frames);
    frames.clear();
    return taken;
  }
}
