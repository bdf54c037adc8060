package io.madang.notification;

import static io.madang.contracts.notification.NotificationNames.DEFAULT_TAKE;
import static io.madang.contracts.notification.NotificationNames.MAX_DATA_BYTES;
import static io.madang.contracts.notification.NotificationNames.MAX_MESSAGE;
import static io.madang.contracts.notification.NotificationNames.MAX_TAKE;
import static io.madang.contracts.notification.NotificationNames.MAX_TITLE;
import static io.madang.contracts.notification.NotificationNames.MAX_TYPE;
import static io.madang.contracts.notification.NotificationNames.MAX_USERS;
import static io.madang.contracts.notification.NotificationNames.MAX_USER_ID;
import static io.madang.runtime.descriptor.ParameterType.clamped;
import static io.madang.runtime.descriptor.ParameterType.flag;
import static io.madang.runtime.descriptor.ParameterType.listOf;
import static io.madang.runtime.descriptor.ParameterType.object;
import static io.madang.runtime.descriptor.ParameterType.text;
import static io.madang.runtime.descriptor.ParameterType.whole;

import io.madang.contracts.notification.NotificationNames;
import io.madang.runtime.descriptor.CommandDescriptor;
import io.madang.runtime.descriptor.CommandDescriptor.IdKind;
import io.madang.runtime.descriptor.Parameter;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor;
import java.util.List;

/** What notification-service tells the mesh of itself. */
final class Offer {
  static final ServiceDescriptor DESCRIPTOR = new ServiceDescriptor(
          NotificationNames.SERVICE,
          "1",
          List.of(TopicDescriptor.of(
              NotificationNames.TOPIC_PREFIX,
              TopicDescriptor.History.ALL,
              TopicDescriptor.Pressure.CATCH_UP)),
          List.of(
              send(),
              sendBulk(),
              unread(),
              markAsRead(),
              markAllAsRead(),
              list(),
              preferences(),
              setPreference()),
          List.of(),
          List.of())
      .shownAt(NotificationHubs.all());

  /** The largest whole number that every JSON reader keeps. */
  private static final long MAX_OFFSET = 9_007_199_254_740_991L;

  /** Services need no role. */
  private static final String ADMIN = "admin";

  private static final String DEFAULT_TYPE = "\"system\"";

  private Offer() {}

  private static CommandDescriptor send() {
    return CommandDescriptor.of(
            NotificationNames.SEND,
            IdKind.CREATES,
            Parameter.required("userId", text(1, MAX_USER_ID)),
            Parameter.required("title", text(1, MAX_TITLE)),
            Parameter.required("message", text(0, MAX_MESSAGE)),
            Parameter.optional("type", text(1, MAX_TYPE), DEFAULT_TYPE),
            Parameter.optional("data", object(MAX_DATA_BYTES)))
        .about(NotificationNames.TOPIC_PREFIX, "userId")
        .requiring(ADMIN);
  }

  private static CommandDescriptor sendBulk() {
    return CommandDescriptor.of(
            NotificationNames.SEND_BULK,
            IdKind.CREATES,
            Parameter.required("userIds", listOf(text(1, MAX_USER_ID), MAX_USERS)),
            Parameter.required("title", text(1, MAX_TITLE)),
            Parameter.required("message", text(0, MAX_MESSAGE)),
            Parameter.optional("type", text(1, MAX_TYPE), DEFAULT_TYPE))
        .requiring(ADMIN);
  }

  private static CommandDescriptor unread() {
    return CommandDescriptor.of(NotificationNames.UNREAD, IdKind.REPEATABLE, take());
  }

  private static CommandDescriptor markAsRead() {
    return CommandDescriptor.of(
        NotificationNames.MARK_AS_READ,
        IdKind.REPEATABLE,
        Parameter.required("notificationId", text(1, 64)));
  }

  private static CommandDescriptor markAllAsRead() {
    return CommandDescriptor.of(
        NotificationNames.MARK_ALL_AS_READ,
        IdKind.RECORDED,
        Parameter.optional("upTo", whole(0, MAX_OFFSET)),
        Parameter.optional("upToId", text(1, 64)));
  }

  private static CommandDescriptor list() {
    return CommandDescriptor.of(
        NotificationNames.LIST,
        IdKind.REPEATABLE,
        Parameter.optional("before", whole(0, MAX_OFFSET)),
        take());
  }

  private static CommandDescriptor preferences() {
    return CommandDescriptor.of(NotificationNames.PREFERENCES, IdKind.REPEATABLE);
  }

  private static CommandDescriptor setPreference() {
    return CommandDescriptor.of(
        NotificationNames.SET_PREFERENCE,
        IdKind.REPEATABLE,
        Parameter.required("type", text(1, MAX_TYPE)),
        Parameter.required("enabled", flag()));
  }

  private static Parameter take() {
    return Parameter.optional("take", clamped(1, MAX_TAKE), Integer.toString(DEFAULT_TAKE));
  }
}
