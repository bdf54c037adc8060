package io.madang.chat;

import io.madang.chat.sequencer.LaneLimits;
import io.madang.chat.upload.UploadLimits;
import io.madang.runtime.config.Secret;
import io.madang.runtime.config.Setting;
import io.madang.runtime.config.Settings;
import io.madang.runtime.config.StoreSettings;
import java.time.Duration;
import java.util.List;

/**
 * Everything an operator can change about chat-service.
 *
 * @param postgres where the database is; {@code MADANG_POSTGRES_URL}, no default
 * @param lanes connections on which messages are kept; more help when many rooms are busy at once; {@code
 *     MADANG_CHAT_LANES}, default 4
 * @param lane how each of them takes commands: {@code MADANG_CHAT_QUEUE}, default 8,000, one more is told to come back; {@code
 *     MADANG_CHAT_GROUP}, default 256 messages; {@code MADANG_CHAT_REST_MS}, default 5 ms; {@code MADANG_CHAT_WAIT_MS}, default
 *     4 s
 * @param pool connections for reading; {@code MADANG_CHAT_POOL}, default 8
 * @param unreadEvery how long messages of a room are gathered before its members are told what is unread; {@code
 *     MADANG_CHAT_UNREAD_MS}, default 300 ms
 * @param unreadMembers members a room may have to be counted live; {@code MADANG_CHAT_UNREAD_MEMBERS}, default 1,000
 * @param typingEvery shortest time between two tellings that somebody types in a room; {@code MADANG_CHAT_TYPING_MS}, default
 *     1 s
 * @param recordedFor how long the ids of commands that created nothing are kept; {@code MADANG_CHAT_RECORDED_MS}, default 7
 *     days
 * @param uploads what files may be: {@code MADANG_CHAT_UPLOAD_MAX_BYTES}, default 25 MiB; {@code MADANG_CHAT_UPLOAD_TYPES},
 *     default images, sound, films, plain text, PDF, zip and plain bytes; {@code MADANG_CHAT_UPLOADS_OPEN}, default 8;
 *     {@code MADANG_CHAT_UPLOAD_UNFINISHED_MS}, default 24 h
 * @param storeWait how long the database may take to be there at start; {@code MADANG_CHAT_STORE_WAIT_MS}, default 60 s
 */
public record ChatConfig(
    Secret postgres,
    int lanes,
    LaneLimits lane,
    int pool,
    Duration unreadEvery,
    int unreadMembers,
    Duration typingEvery,
    Duration recordedFor,
    UploadLimits uploads,
    Duration storeWait) {

  private static final Setting<Integer> LANES = Setting.whole(
      "MADANG_CHAT_LANES", 4, 1, 64, "connections", "On how many connections messages are kept");

  private static final Setting<Integer> QUEUE = Setting.whole(
      "MADANG_CHAT_QUEUE", 8_000, 1, 100_000, "commands", "How many commands may wait in one lane");

  private static final Setting<Integer> GROUP = Setting.whole(
      "MADANG_CHAT_GROUP", 256, 1, 2_000, "messages", "How many messages are kept in one call");

  private static final Setting<Duration> REST = Setting.millis(
      "MADANG_CHAT_REST_MS",
      Duration.ofMillis(5),
      Duration.ZERO,
      Duration.ofSeconds(1),
      "How long a lane gathers messages after a call at most");

  private static final Setting<Duration> WAIT = Setting.millis(
      "MADANG_CHAT_WAIT_MS",
      Duration.ofSeconds(4),
      Duration.ofMillis(100),
      Duration.ofMinutes(1),
      "How long a command may wait for its lane");

  private static final Setting<Integer> POOL =
      Setting.whole("MADANG_CHAT_POOL", 8, 1, 256, "connections", "How many connections read");

  private static final Setting<Duration> UNREAD_EVERY = Setting.millis(
      "MADANG_CHAT_UNREAD_MS",
      Duration.ofMillis(300),
      Duration.ofMillis(10),
      Duration.ofMinutes(1),
      "How long messages are gathered before members are told what is unread");

  private static final Setting<Integer> UNREAD_MEMBERS = Setting.whole(
      "MADANG_CHAT_UNREAD_MEMBERS",
      1_000,
      0,
      100_000,
      "members",
      "How many members a room may have to be counted live");

  private static final Setting<Duration> TYPING_EVERY = Setting.millis(
      "MADANG_CHAT_TYPING_MS",
      Duration.ofSeconds(1),
      Duration.ofMillis(1),
      Duration.ofMinutes(1),
      "Shortest time between two tellings that somebody types");

  private static final Setting<Duration> RECORDED_FOR = Setting.millis(
      "MADANG_CHAT_RECORDED_MS",
      Duration.ofDays(7),
      Duration.ofMinutes(1),
      Duration.ofDays(365),
      "How long ids of commands that created nothing are kept");

  private static final Setting<Integer> UPLOAD_MAX_BYTES = Setting.whole(
      "MADANG_CHAT_UPLOAD_MAX_BYTES",
      25 * 1024 * 1024,
      1,
      (int) ChatDescriptor.MOST_BYTES,
      "bytes",
      "How large a file in a room may be");

  private static final Setting<List<String>> UPLOAD_TYPES = Setting.list(
      "MADANG_CHAT_UPLOAD_TYPES",
      List.of(
          "image/png",
          "image/jpeg",
          "image/gif",
          "image/webp",
          "audio/*",
          "video/*",
          "text/plain",
          "application/pdf",
          "application/zip",
          "application/octet-stream"),
      "Media types that a file in a room may have; image/* stands for all images, */* for everything");

  private static final Setting<Integer> UPLOADS_OPEN = Setting.whole(
      "MADANG_CHAT_UPLOADS_OPEN",
      8,
      1,
      10_000,
      "uploads",
      "How many unfinished uploads a user may have");

  private static final Setting<Duration> UPLOAD_UNFINISHED = Setting.millis(
      "MADANG_CHAT_UPLOAD_UNFINISHED_MS",
      Duration.ofHours(24),
      Duration.ofSeconds(1),
      Duration.ofDays(31),
      "How long an unfinished upload waits for its next part");

  private static final Setting<Duration> STORE_WAIT = Setting.millis(
      "MADANG_CHAT_STORE_WAIT_MS",
      Duration.ofSeconds(60),
      Duration.ZERO,
      Duration.ofHours(1),
      "How long the database may take to be there at start");

  public static final List<Setting<?>> SETTINGS = List.of(
      StoreSettings.POSTGRES_URL,
      LANES,
      QUEUE,
      GROUP,
      REST,
      WAIT,
      POOL,
      UNREAD_EVERY,
      UNREAD_MEMBERS,
      TYPING_EVERY,
      RECORDED_FOR,
      UPLOAD_MAX_BYTES,
      UPLOAD_TYPES,
      UPLOADS_OPEN,
      UPLOAD_UNFINISHED,
      STORE_WAIT);

  /** What holds where nothing is set; without a database. */
  public static ChatConfig defaults() {
    return new ChatConfig(
        StoreSettings.POSTGRES_URL.defaultValue(),
        LANES.defaultValue(),
        new LaneLimits(
            QUEUE.defaultValue(), GROUP.defaultValue(), REST.defaultValue(), WAIT.defaultValue()),
        POOL.defaultValue(),
        UNREAD_EVERY.defaultValue(),
        UNREAD_MEMBERS.defaultValue(),
        TYPING_EVERY.defaultValue(),
        RECORDED_FOR.defaultValue(),
        new UploadLimits(
            UPLOAD_MAX_BYTES.defaultValue(),
            UPLOAD_TYPES.defaultValue(),
            UPLOADS_OPEN.defaultValue(),
            UPLOAD_UNFINISHED.defaultValue()),
        STORE_WAIT.defaultValue());
  }

  public static ChatConfig from(Settings settings) {
    return new ChatConfig(
        StoreSettings.requirePostgres(settings),
        settings.read(LANES),
        new LaneLimits(
            settings.read(QUEUE), settings.read(GROUP), settings.read(REST), settings.read(WAIT)),
        settings.read(POOL),
        settings.read(UNREAD_EVERY),
        settings.read(UNREAD_MEMBERS),
        settings.read(TYPING_EVERY),
        settings.read(RECORDED_FOR),
        new UploadLimits(
            settings.read(UPLOAD_MAX_BYTES),
            settings.read(UPLOAD_TYPES),
            settings.read(UPLOADS_OPEN),
            settings.read(UPLOAD_UNFINISHED)),
        settings.read(STORE_WAIT));
  }

  /** The same with another database. */
  public ChatConfig withPostgres(String url) {
    return new ChatConfig(
        new Secret(url),
        lanes,
        lane,
        pool,
        unreadEvery,
        unreadMembers,
        typingEvery,
        recordedFor,
        uploads,
        storeWait);
  }
}
