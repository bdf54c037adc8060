package io.madang.distribution.process;

import io.madang.runtime.config.Setting;
import io.madang.runtime.config.Settings;
import io.madang.runtime.launch.Role;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What a process can be, in the order of starting: who serves first, who lets people in last. */
public enum RoleKind {
  CHAT("chat") {
    @Override
    List<Setting<?>> settings() {
      return List.of();
    }

    @Override
    Role make(Settings from) {
      return null;
    }
  },
  PRESENCE("presence") {
    @Override
    List<Setting<?>> settings() {
      return List.of();
    }

    @Override
    Role make(Settings from) {
      return null;
    }
  },
  NOTIFICATION("notification") {
    @Override
    List<Setting<?>> settings() {
      return List.of();
    }

    @Override
    Role make(Settings from) {
      return null;
    }
  },
  DASHBOARD("dashboard") {
    @Override
    List<Setting<?>> settings() {
      return List.of();
    }

    @Override
    Role make(Settings from) {
      return null;
    }
  },
  GATEWAY("gateway") {
    @Override
    List<Setting<?>> settings() {
      return HttpAddress.SETTINGS;
    }

    @Override
    Role make(Settings from) {
      return null;
    }
  };

  private final String word;

  RoleKind(String word) {
    this.word = word;
  }

  /** As on the command line. */
  public static Optional<RoleKind> of(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
  }

  public String word() {
    return word;
  }

  /** What this role reads beside what every process reads. */
  abstract List<Setting<?>> settings();

  /** The role, not started; problems of its settings are kept in {@code from}. */
  abstract Role make(Settings from);
}
