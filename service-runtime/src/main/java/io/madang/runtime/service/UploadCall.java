package io.madang.runtime.service;

import io.madang.runtime.command.Caller;
import io.madang.runtime.topic.Payload;

/** A request to take an upload, with arguments already checked against its descriptor. */
public record UploadCall(Caller caller, String name, Payload arguments) {}
