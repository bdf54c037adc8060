package io.madang.gateway.edge;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A gateway as one test wants it, which ends with that test. */
final class OwnGateway implements AfterEachCallback {
  /** Empty before a test asks for it. */
  private Optional<RunningGateway> running = Optional.empty();

  /** @param environment settings beside those a test needs anyway */
  RunningGateway with(Map<String, String> environment) {
    RunningGateway gateway = new RunningGateway(environment);
    running = Optional.of(gateway);
    return gateway;
  }

  /** Ends it before the test does. */
  void stop() {
    running.ifPresent(RunningGateway::close);
    running = Optional.empty();
  }

  @Override
  public void afterEach(ExtensionContext context) {
    stop();
  }
}
