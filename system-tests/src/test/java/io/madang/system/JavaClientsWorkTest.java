package io.madang.system;

import io.madang.system.signalr.ClientKind;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Tag;

/** {@code com.microsoft.signalr} in four versions, over each transport that it knows. */
@Tag("cluster")
@DisplayNameGeneration(ReplaceUnderscores.class)
class JavaClientsWorkTest extends MicrosoftsClients {
  JavaClientsWorkTest() {
    super(ClientKind.java());
  }
}
