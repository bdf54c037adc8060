package io.madang.contracts.chat;

/** A place in a topic's history, as the mesh names it. */
public record Position(String epoch, long offset) {}
