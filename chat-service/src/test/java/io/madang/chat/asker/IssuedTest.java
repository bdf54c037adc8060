package io.madang.chat.asker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.madang.contracts.chat.ChatCommand;
import io.madang.contracts.chat.RoomId;
import io.madang.contracts.chat.RoomPassword;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(ReplaceUnderscores.class)
class IssuedTest {
  @Nested
  class A_command_id {
    @Test
    void is_one_for_each_user() {
      Issued mine = Issued.of("ann", "1", "x");
      assertThat(mine).isEqualTo(Issued.of("ann", "1", "x"));
      assertThat(mine.key()).isNotEqualTo(Issued.of("bob", "1", "x").key());
      assertThat(mine.hash()).isNotEqualTo(Issued.of("ann", "1", "y").hash());
    }

    @Test
    void that_cannot_be_kept_is_refused() {
      for (String id : List.of("", "a b", "a\u0000", "é", "x".repeat(129))) {
        assertThatThrownBy(() -> Issued.of("ann", id, "x"))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }

    @Test
    void knows_nothing_of_passwords() {
      assertThat(new ChatCommand.JoinRoom(new RoomId("r"), Optional.of(new RoomPassword("secret")))
              .toString())
          .doesNotContain("secret");
    }
  }
}
