package io.madang.gateway.edge.docs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.madang.runtime.descriptor.Files;
import io.madang.runtime.descriptor.Parameter;
import io.madang.runtime.descriptor.ServiceDescriptor;

/** The paths of one service that keeps files, in the OpenAPI document. */
final class UploadPaths {
  private static final String JSON = "application/json";
  private static final String OFFSET = "Upload-Offset";
  private static final String COMPLETE = "Upload-Complete";
  private static final String LENGTH = "Upload-Length";
  private static final String TEXT = "string";
  private static final String COUNT = "integer";
  private static final String HEADER = "header";

  private final OpenApi api;
  private final ServiceDescriptor service;
  private final String all;
  private final String one;

  UploadPaths(OpenApi api, ServiceDescriptor service) {
    this.api = api;
    this.service = service;
    this.all = "/api/" + service.service() + "/uploads";
    this.one = all + "/{upload}";
  }

  void describe() {
    create();
    append();
    state();
    read();
    drop();
  }

  private ObjectNode operation(String path, String method, String what, String summary) {
    return api.operation(
        path, method, service.service(), service.service() + ".uploads." + what, summary);
  }

  /** About an upload that was begun. */
  private ObjectNode ofOne(String method, String what, String summary) {
    ObjectNode operation = operation(one, method, what, summary);
    operation
        .putArray("parameters")
        .add(OpenApi.parameter("upload", "path", true, "As the answer to POST names it.", TEXT));
    return operation;
  }

  private void create() {
    ObjectNode create = operation(
        all, "post", "create", "Begins an upload with its first part, which may be all of it");
    ArrayNode parameters = create.putArray("parameters");
    for (Parameter each : service.command(Files.CREATE).orElseThrow().parameters()) {
      // These two are headers of the request.
      if (!each.name().equals("type") && !each.name().equals("length")) {
        parameters
            .addObject()
            .put("name", each.name())
            .put("in", "query")
            .put("required", each.required())
            .set("schema", Schemas.of(each));
      }
    }
    parameters.add(OpenApi.parameter(
        LENGTH, HEADER, false, "Bytes of the whole, when known and more follows.", COUNT));
    takesBytes(create, parameters);
    ObjectNode answer = OpenApi.answers(create, "201", JSON, state(Schemas.object()));
    headers(answer).putObject("Location").putObject("schema").put("type", TEXT);
  }

  private void append() {
    ObjectNode append = ofOne("patch", "append", "Goes on with an upload where it stands");
    ArrayNode parameters = (ArrayNode) append.get("parameters");
    parameters.add(
        OpenApi.parameter(OFFSET, HEADER, true, "Where the upload stands, in bytes.", COUNT));
    takesBytes(append, parameters);
    headers(OpenApi.answers(append, "200", JSON, state(Schemas.object())));
  }

  private static void takesBytes(ObjectNode operation, ArrayNode parameters) {
    ObjectNode complete = OpenApi.parameter(COMPLETE, HEADER, false, "?0 when more follows.", TEXT);
    ((ObjectNode) complete.get("schema")).putArray("enum").add("?0").add("?1");
    parameters.add(complete);
    parameters.add(OpenApi.parameter(
        "Repr-Digest", HEADER, false, "sha-256 of the whole, as RFC 9530 writes it.", TEXT));
    operation.putObject("requestBody").putObject("content").putObject("*/*");
  }

  private void state() {
    ObjectNode state = ofOne("head", "state", "Where an upload stands");
    headers(OpenApi.answers(state, "204", "", Schemas.object()));
  }

  private void read() {
    ObjectNode read = ofOne("get", "read", "A complete upload, to whom its service lets have it");
    OpenApi.answers(read, "200", "*/*", Schemas.object());
  }

  private void drop() {
    OpenApi.answers(ofOne("delete", "drop", "Gives an upload up"), "204", "", Schemas.object());
  }

  private static ObjectNode headers(ObjectNode answer) {
    ObjectNode headers = answer.putObject("headers");
    header(headers, OFFSET, "Bytes that are kept.", COUNT);
    header(headers, COMPLETE, "?1 when that is all of it.", TEXT);
    header(headers, LENGTH, "Bytes of the whole, when known.", COUNT);
    return headers;
  }

  private static void header(ObjectNode headers, String name, String description, String type) {
    headers.putObject(name).put("description", description).putObject("schema").put("type", type);
  }

  private static ObjectNode state(ObjectNode schema) {
    ObjectNode members = schema.put("type", "object").putObject("properties");
    members.putObject("upload").put("type", TEXT);
    members.putObject("offset").put("type", COUNT);
    members.putObject("complete").put("type", "boolean");
    return schema;
  }
}
