package io.madang.runtime.service;

import io.madang.runtime.topic.Payload;

/** Takes the items of one upload, in order and on the service's event loop. */
public interface UploadReceiver {

  /** The next item; never more of them than {@link UploadSource#more} asked for. Bytes come as a JSON string in base64. */
  void item(Payload item);

  /** Every item has come; now the upload is to be answered, if it was not. */
  void end();

  /**
   * The sender gave up or is gone, or broke a limit and was told so. Nothing comes any more and nothing is to be answered; what
   * was kept for it should be let go.
   */
  void cancelled();

  /** Takes nothing: for an upload that was refused at once. */
  static UploadReceiver none() {
    return new UploadReceiver() {
      @Override
      public void item(Payload item) {}

      @Override
      public void end() {}

      @Override
      public void cancelled() {}
    };
  }
}
