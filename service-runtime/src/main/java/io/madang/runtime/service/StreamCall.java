package io.madang.runtime.service;

import io.madang.runtime.command.Caller;
import io.madang.runtime.topic.Payload;

/** A request for a stream, with arguments already checked against its descriptor. */
public record StreamCall(Caller caller, String name, Payload arguments) {}
