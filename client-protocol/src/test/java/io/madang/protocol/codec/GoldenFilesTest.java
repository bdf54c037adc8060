package io.madang.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.madang.protocol.frame.ClientFrame;
import io.madang.protocol.frame.ServerFrame;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every frame has one file that says how it looks on the wire; other clients' tests read the same files. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class GoldenFilesTest {
  private final FrameCodec codec = new FrameCodec();

  static Stream<Class<?>> clientFrames() {
    return Stream.of(ClientFrame.class.getPermittedSubclasses());
  }

  static Stream<Class<?>> serverFrames() {
    return Stream.of(ServerFrame.class.getPermittedSubclasses());
  }

  @ParameterizedTest
  @MethodSource("clientFrames")
  void a_client_frame_is_read_from_its_file_and_written_back_to_the_same_bytes(Class<?> type)
      throws Exception {
    String golden = golden("client", type);

    ClientFrame frame = codec.decodeClientFrame(utf8(golden));

    assertThat(frame).isInstanceOf(type);
    assertThat(text(codec.encode(frame))).isEqualTo(golden);
  }

  @ParameterizedTest
  @MethodSource("serverFrames")
  void a_server_frame_is_read_from_its_file_and_written_back_to_the_same_bytes(Class<?> type)
      throws Exception {
    String golden = golden("server", type);

    ServerFrame frame = codec.decodeServerFrame(utf8(golden));

    assertThat(frame).isInstanceOf(type);
    assertThat(text(codec.encode(frame))).isEqualTo(golden);
  }

  private static String golden(String side, Class<?> type) throws IOException {
    String name = type.getSimpleName();
    String file = "/madang.v1/" + side + "/" + Character.toLowerCase(name.charAt(0))
        + name.substring(1) + ".json";
    try (InputStream in = GoldenFilesTest.class.getResourceAsStream(file)) {
      assertThat(in).as("the golden file %s", file).isNotNull();
      return text(in.readAllBytes()).strip();
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
