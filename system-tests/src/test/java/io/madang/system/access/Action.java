package io.madang.system.access;

/** What is tried at each door. */
enum Action {
  CONNECT,
  SUBSCRIBE_PUBLIC,
  SUBSCRIBE_PRIVATE,
  SUBSCRIBE_FOREIGN_INBOX,
  /** Says something in the public room. */
  COMMAND,
  /** Of the private room. */
  HISTORY,
  /** Into the public room. */
  UPLOAD,
  /** From the private room. */
  DOWNLOAD
}
