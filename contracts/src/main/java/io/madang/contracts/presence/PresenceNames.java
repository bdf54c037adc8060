package io.madang.contracts.presence;

/** The names and limits of presence-service that others build on. */
public final class PresenceNames {
  /** The service, as in {@code POST /api/presence/onlineUsers}. */
  public static final String SERVICE = "presence";

  /** Prefix of the topic {@code presence:<room>}: who is in a room. Heard by those who may hear the room. */
  public static final String ROOM_TOPIC_PREFIX = "presence";

  /** The topic without id that tells who is connected at all; heard by everyone who is signed in. */
  public static final String ONLINE_TOPIC = "online";

  /** Prefix of the topics whose subscribers are in a room, and that decide who may hear {@code presence:<room>}. */
  public static final String GUARD_PREFIX = "room";

  /** The topic without id that tells of each connection; never kept, and only so much of it a second. */
  public static final String CONNECTIONS_TOPIC = "connections";

  /** Prefix of the topic {@code devices:<user>}: the user's own connections; heard by that user alone, never kept. */
  public static final String DEVICES_PREFIX = "devices";

  public static final String ONLINE_USERS = "onlineUsers";

  /** Who is connected, as people and not as names. */
  public static final String ONLINE_LIST = "onlineList";

  /** Whom the mesh takes the asker for. */
  public static final String WHO_AM_I = "whoAmI";

  public static final String USER_CONNECTIONS = "userConnections";
  public static final String SET_STATUS = "setStatus";

  /** The role that may ask for anyone's connections. */
  public static final String ADMIN_ROLE = "admin";

  /** Code points of a user's id at most. */
  public static final int MAX_USER_ID = 128;

  /** Code points of a status text at most; it may be empty. */
  public static final int MAX_STATUS_TEXT = 100;

  /** Names in the answer to {@link #ONLINE_USERS} at most: those who came last. */
  public static final int MAX_ONLINE_USERS = 5_000;

  /** People in a snapshot of {@code presence:<room>} at most; its {@code count} tells how many there are. */
  public static final int MAX_ROOM_SNAPSHOT = 1_000;

  /** People in a snapshot of {@code online} at most: those who came last; its {@code count} tells how many there are. */
  public static final int MAX_ONLINE_SNAPSHOT = 200;

  private PresenceNames() {}
}
