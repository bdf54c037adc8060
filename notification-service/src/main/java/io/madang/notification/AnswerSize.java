package io.madang.notification;

import io.madang.contracts.notification.Notification;
import io.madang.contracts.notification.NotificationEvent;
import io.madang.notification.ledger.Entry;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToIntFunction;

/** Keeps answers small enough for a connection's outbound queue; what is cut off can be asked for next. */
final class AnswerSize {
  /** Text in one answer, in chars: the items that fit, but one at least. */
  static final int MAX_CHARS = 128 * 1024;

  private AnswerSize() {}

  /** The first of {@code notifications}, at most {@code take}. */
  static List<Notification> notifications(List<Notification> notifications, int take) {
    return cut(notifications, take, AnswerSize::charsOf);
  }

  /** The first of {@code entries}, at most {@code take}, in their order. */
  static List<Entry> first(List<Entry> entries, int take) {
    return cut(entries, take, AnswerSize::charsOf);
  }

  /** The last of {@code entries}, at most {@code take}, in their order. */
  static List<Entry> last(List<Entry> entries, int take) {
    List<Entry> backwards = new ArrayList<>(entries);
    Collections.reverse(backwards);
    List<Entry> last = new ArrayList<>(cut(backwards, take, AnswerSize::charsOf));
    Collections.reverse(last);
    return last;
  }

  private static <T> List<T> cut(List<T> items, int take, ToIntFunction<T> charsOf) {
    int count = 0;
    int chars = 0;
    while (count < Math.min(take, items.size())) {
      chars += charsOf.applyAsInt(items.get(count));
      if (chars > MAX_CHARS && count > 0) {
        break;
      }
      count++;
    }
    return items.subList(0, count);
  }

  private static int charsOf(Entry entry) {
    return entry.event() instanceof NotificationEvent.Notified notified ? charsOf(notified.notification()) : 0;
  }

  private static int charsOf(Notification notification) {
    return notification.title().length()
        + notification.message().length()
        + notification.data().map(String::length).orElse(0);
  }
}
