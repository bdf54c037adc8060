package io.madang.gateway.edge.sockjs.session;

import io.madang.gateway.edge.sockjs.text.Wrapping;

/**
 * How one response takes frames.
 *
 * @param limitBytes after so many of wrapped frames the response ends; 1 for those that take one frame
 */
public record Reception(Wrapping wrapping, int limitBytes) {
  private static final int ONE_FRAME = 1;

  public static Reception ofOneFrame(Wrapping wrapping) {
    return new Reception(wrapping, ONE_FRAME);
  }

  public boolean isOfOneFrame() {
    return limitBytes == ONE_FRAME;
  }
}
