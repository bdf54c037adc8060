package io.madang.system.access;

/**
 * What there is to be had.
 *
 * @param publicRoom that everybody of the table has joined, but who is banned there
 * @param privateRoom of few
 * @param foreignInbox of a user who is nobody of the table
 * @param file in the private room
 */
record Places(String publicRoom, String privateRoom, String foreignInbox, String file) {}
