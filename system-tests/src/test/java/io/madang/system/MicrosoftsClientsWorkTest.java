package io.madang.system;

import io.madang.system.signalr.ClientKind;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;

/** {@code @microsoft/signalr} in six versions, over each transport, in each protocol. */
@Tag("cluster")
@DisplayNameGeneration(ReplaceUnderscores.class)
class MicrosoftsClientsWorkTest extends MicrosoftsClients {
  MicrosoftsClientsWorkTest() {
    super(ClientKind.npm());
  }
}
