package io.madang.gateway.edge.docs;

import io.madang.runtime.descriptor.CommandDescriptor;
import io.madang.runtime.descriptor.Parameter;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.StreamDescriptor;
import io.madang.runtime.descriptor.TopicDescriptor;
import io.madang.runtime.descriptor.UploadDescriptor;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What can be asked here, for people: a page without a script. */
final class IndexPage {
  private final StringBuilder out = new StringBuilder(8_192);

  private IndexPage() {}

  /** @param services as people may see them */
  static String of(Collection<ServiceDescriptor> services) {
    IndexPage page = new IndexPage();
    page.head();
    services.forEach(page::service);
    page.out.append("</main>\n</body>\n</html>\n");
    return page.out.toString();
  }

  private void head() {
    out.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
        .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
        .append("<title>What Madang can be asked</title>\n</head>\n<body>\n<main>\n")
        .append(
            "<h1>What Madang can be asked</h1>\n<p>For programs: <a href=\"/api/docs/openapi.json\">OpenAPI 3.1</a> ")
        .append(
            "says what goes over HTTP, <a href=\"/api/docs/asyncapi.json\">AsyncAPI 3.0</a> what goes over sockets ")
        .append(
            "and streams, <a href=\"/api/services\">/api/services</a> holds the descriptors themselves.</p>\n");
  }

  private void service(ServiceDescriptor service) {
    out.append("<h2 id=\"").append(safe(service.service())).append("\">");
    out.append(safe(service.service())).append("</h2>\n");
    if (!service.topics().isEmpty()) {
      table("Topic", "History", service.topics().stream().map(IndexPage::row).toList());
    }
    if (!service.commands().isEmpty()) {
      table(
          "Command",
          "Arguments",
          service.commands().stream().map(each -> row(service.service(), each)).toList());
    }
    if (!service.streams().isEmpty()) {
      table(
          "Stream", "Arguments", service.streams().stream().map(IndexPage::row).toList());
    }
    if (!service.uploads().isEmpty()) {
      table(
          "Upload", "Arguments", service.uploads().stream().map(IndexPage::row).toList());
    }
  }

  private void table(String first, String second, List<String> rows) {
    out.append("<table>\n<thead><tr><th>").append(first).append("</th><th>").append(second);
    out.append("</th></tr></thead>\n<tbody>\n");
    rows.forEach(out::append);
    out.append("</tbody>\n</table>\n");
  }

  private static String row(TopicDescriptor topic) {
    return row(
        topic.prefix(),
        topic.history().name().toLowerCase(Locale.ROOT)
            + topic.guard().map(guard -> ", guarded by " + guard).orElse(""));
  }

  private static String row(String service, CommandDescriptor command) {
    return row(
        "POST /api/" + service + "/" + command.name(),
        arguments(command.parameters())
            + command.role().map(role -> " (only " + role + ")").orElse(""));
  }

  private static String row(StreamDescriptor stream) {
    return row(stream.name(), arguments(stream.parameters()));
  }

  private static String row(UploadDescriptor upload) {
    return row(upload.name(), arguments(upload.parameters()));
  }

  private static String arguments(List<Parameter> parameters) {
    return parameters.stream()
        .map(each -> each.name() + (each.required() ? "" : "?"))
        .collect(Collectors.joining(", "));
  }

  private static String row(String first, String second) {
    return "<tr><td><code>" + safe(first) + "</code></td><td>" + safe(second) + "</td></tr>\n";
  }

  private static String safe(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
