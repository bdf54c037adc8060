package io.madang.gateway.edge.signalr.session;

import io.madang.gateway.identity.Credential;
import io.madang.protocol.code.CloseCode;
import io.madang.protocol.frame.ServerFrame.Failure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a conversation is told: what the client says as it is, all else by its name in brackets, and what comes often as numbers. */
public final class FakeConversation implements HubConversation {
  public final List<String> told = new ArrayList<>();
  public int written;
  public int heard;

  @Override
  public boolean isOf(Credential credential) {
    return false;
  }

  @Override
  public void onNewer(Credential credential) {
    told.add("[newer]");
  }

  @Override
  public void onBytes(byte[] bytes) {
    told.add(new String(bytes, StandardCharsets.UTF_8));
  }

  @Override
  public void onHeard() {
    heard++;
  }

  @Override
  public void onWritten() {
    written++;
  }

  @Override
  public void onOtherTransport() {
    told.add("[other transport]");
  }

  @Override
  public void onNoPlace(Failure failure) {
    told.add("[no place]");
  }

  @Override
  public void onViolation(CloseCode code) {
    told.add("[violation " + code.code() + "]");
  }

  @Override
  public void onShutdown() {
    told.add("[shutdown]");
  }

  @Override
  public void onClosed() {
    told.add("[closed]");
  }
}
