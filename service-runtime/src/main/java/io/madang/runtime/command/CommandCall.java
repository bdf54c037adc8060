package io.madang.runtime.command;

import io.madang.runtime.topic.Payload;

/**
 * One request to a service, with arguments already checked against the command's descriptor.
 *
 * @param caller who asks
 * @param name of the command, spelled as the descriptor spells it
 * @param id the client's id: the same id means the same command, however often it arrives
 * @param arguments a JSON object by parameter name; defaults are filled in, optional ones without default may be missing
 */
public record CommandCall(Caller caller, String name, String id, Payload arguments) {}
