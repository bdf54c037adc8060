package io.madang.chat.upload;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What files may be.
 *
 * @param maxBytes of one file
 * @param types media types; {@code image/*} stands for all images, {@code *}{@code /*} for everything
 * @param open unfinished uploads of one user at most
 * @param unfinished how long an unfinished one waits for its next part
 */
public record UploadLimits(long maxBytes, List<String> types, int open, Duration unfinished) {
  /** Whether a file may say that it is of this type; parameters behind it do not count. */
  boolean allowsType(String type) {
    String plain = type.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT);
    return plain.matches("[a-z0-9!#$&^_.+-]{1,64}/[a-z0-9!#$&^_.+-]{1,64}")
        && types.stream()
            .map(allowed -> allowed.toLowerCase(Locale.ROOT))
            .anyMatch(allowed -> allowed.equals("*/*")
                || allowed.equals(plain)
                || (allowed.endsWith("/*")
                    && plain.startsWith(allowed.substring(0, allowed.length() - 1))));
  }
}
