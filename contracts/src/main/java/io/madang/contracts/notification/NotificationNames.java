package io.madang.contracts.notification;

/** The names and limits of notification-service that others build on. */
public final class NotificationNames {
  /** The service, as in {@code POST /api/notification/unread}. */
  public static final String SERVICE = "notification";

  /** Prefix of the topic {@code notifications:<user>}, which only that user may hear. */
  public static final String TOPIC_PREFIX = "notifications";

  public static final String SEND = "send";
  public static final String SEND_BULK = "sendBulk";
  public static final String UNREAD = "unread";
  public static final String MARK_AS_READ = "markAsRead";
  public static final String MARK_ALL_AS_READ = "markAllAsRead";
  public static final String LIST = "list";
  public static final String PREFERENCES = "preferences";
  public static final String SET_PREFERENCE = "setPreference";

  /** Code points of a user's id at most. */
  public static final int MAX_USER_ID = 128;

  /** Code points of a title at most; it has at least one. */
  public static final int MAX_TITLE = 200;

  /** Code points of a message at most; it may be empty. */
  public static final int MAX_MESSAGE = 2_000;

  /** Characters of a type at most: letters, digits, hyphens and dots, told apart without case. */
  public static final int MAX_TYPE = 40;

  /** Bytes of {@code data} as UTF-8 at most. */
  public static final int MAX_DATA_BYTES = 4_096;

  /** Users of one bulk at most. */
  public static final int MAX_USERS = 1_000;

  /** Notifications in one answer at most. */
  public static final int MAX_TAKE = 200;

  /** Notifications in one answer when the asker does not say, and in a snapshot. */
  public static final int DEFAULT_TAKE = 50;

  private NotificationNames() {}
}
