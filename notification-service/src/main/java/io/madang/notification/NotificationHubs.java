package io.madang.notification;

import static io.madang.runtime.descriptor.hub.HubMethod.command;
import static io.madang.runtime.descriptor.hub.HubValue.argument;
import static io.madang.runtime.descriptor.hub.HubValue.data;
import static io.madang.runtime.descriptor.hub.HubValue.member;

import io.madang.contracts.notification.NotificationNames;
import io.madang.runtime.descriptor.hub.CallerEvent;
import io.madang.runtime.descriptor.hub.HubCondition;
import io.madang.runtime.descriptor.hub.HubDescriptor;
import io.madang.runtime.descriptor.hub.HubGreeting;
import io.madang.runtime.descriptor.hub.HubListener;

/** How notification-service shows itself to clients that speak of hubs; docs/SIGNALR.md has the same as a table. */
final class NotificationHubs {
  private NotificationHubs() {}

  static HubDescriptor[] all() {
    return new HubDescriptor[] {notifications()};
  }

  private static HubDescriptor notifications() {
    return HubDescriptor.of("notifications")
        .calling(
            command("MarkAsRead", NotificationNames.MARK_AS_READ, "notificationId")
                .telling(CallerEvent.of("NotificationRead", argument("notificationId"))),
            command("MarkAllAsRead", NotificationNames.MARK_ALL_AS_READ)
                .telling(CallerEvent.of("AllNotificationsRead")))
        .hearing(HubListener.of(
            NotificationNames.TOPIC_PREFIX, "notification", "ReceiveNotification", data()))
        .greeting(HubGreeting.subscribing(NotificationNames.TOPIC_PREFIX + ":{user}")
            .asking(
                NotificationNames.UNREAD,
                CallerEvent.of("ReceiveNotifications", member("notifications"))
                    .when(HubCondition.notEmpty("notifications"))));
  }
}
