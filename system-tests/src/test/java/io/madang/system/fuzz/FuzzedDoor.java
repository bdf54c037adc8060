package io.madang.system.fuzz;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** A door as it is fed. */
public interface FuzzedDoor {

  /** What is right to say there, of which inputs are made. */
  List<byte[]> examples();

  /** Texts as examples. */
  static List<byte[]> utf8(String... texts) {
    return Stream.of(texts).map(each -> each.getBytes(StandardCharsets.UTF_8)).toList();
  }

  /** Begins to feed it; for one thread. */
  Feeder open() throws IOException;

  /** One client of the door that says what it is told to, over as many connections as that takes. */
  interface Feeder extends AutoCloseable {

    /** Says it as the door's clients say things: framed right, wrong inside. */
    void message(byte[] input) throws IOException;

    /** Says it on a connection of its own, wrong from the first byte on. */
    void bytes(byte[] input) throws IOException;

    /** Returns when everything said so far was taken in. */
    void settle() throws IOException;

    @Override
    void close() throws IOException;
  }
}
