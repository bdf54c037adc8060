package io.madang.gateway.connection;

import io.madang.gateway.identity.Principal;
import io.madang.gateway.limit.TokenBucket;
import io.madang.protocol.code.ErrorCode;
import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame.Failure;
import java.time.Duration;

/**
 * How fast one client may ask: as its connection may, and what is for services also as its user may. Who asks faster is told so at
 * once by an error that says when to ask again. Part of its {@link Connection}.
 */
final class Allowance {
  private final Outgoing outgoing;
  private final Surroundings around;
  private final TokenBucket rate;

  Allowance(Outgoing outgoing, Surroundings around) {
    this.outgoing = outgoing;
    this.around = around;
    this.rate = new TokenBucket(
        around.limits().commandsPerSecond(),
        around.limits().commandBurst(),
        around.time().nowMs());
  }

  /** Whether one thing more may be asked on this connection. */
  boolean allows(long ref) {
    return allows(ref, 1);
  }

  /** Whether this may be asked, here and by this user. */
  boolean allows(ClientFrame frame, Principal principal) {
    return allows(frame.ref(), weight(frame))
        && (!isForServices(frame) || isAllowedTo(principal, frame.ref()));
  }

  private boolean allows(long ref, int requests) {
    long waitMs = rate.take(requests, around.time().nowMs());
    if (waitMs > 0) {
      refuse(ref, "This connection asks faster than it may.", waitMs);
    }
    return waitMs == 0;
  }

  private boolean isAllowedTo(Principal principal, long ref) {
    long waitMs = around.shares().take(principal.userId());
    if (waitMs > 0) {
      refuse(ref, "This user asks faster than one may.", waitMs);
    }
    return waitMs == 0;
  }

  private void refuse(long ref, String why, long waitMs) {
    outgoing.fail(ref, Failure.of(ErrorCode.RATE_LIMITED, why).after(Duration.ofMillis(waitMs)));
  }

  /** A resume is as many requests as it takes turns to answer. */
  private static int weight(ClientFrame frame) {
    return frame instanceof ClientFrame.Resume resume
        ? 1 + resume.topics().size() / TopicRequests.RESUMED_AT_ONCE
        : 1;
  }

  /** What only this gateway has to do with is bounded by the connection's own rate. */
  private static boolean isForServices(ClientFrame frame) {
    return frame instanceof ClientFrame.Command
        || frame instanceof ClientFrame.Stream
        || frame instanceof ClientFrame.Upload
        || frame instanceof ClientFrame.Subscribe
        || frame instanceof ClientFrame.Resume;
  }
}
