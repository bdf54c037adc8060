package io.madang.notification.ledger;

import io.madang.contracts.notification.Notification;
import java.util.List;

/**
 * A user's notifications as they are now.
 *
 * @param unread how many are unread in all
 * @param notifications newest first
 */
public record Listing(int unread, List<Notification> notifications) {
  public Listing {
    notifications = List.copyOf(notifications);
  }
}
